-- Run after every migration, on PostgreSQL only. The schema is the one that the connection works in.
DO $$
DECLARE
    "table" name;
    keyed name;
BEGIN
    BEGIN
        CREATE ROLE {role} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
        EXECUTE format('GRANT {role} TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema());
    FOR "table" IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        CONTINUE WHEN "table" = 'schema_migration';
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO {role}', current_schema(), "table");
        CONTINUE WHEN "table" IN ({without});
        SELECT column_name INTO keyed FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = "table"
            AND column_name = CASE WHEN "table" = 'community' THEN 'id' ELSE 'community' END;
        CONTINUE WHEN keyed IS NULL;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', "table");
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', "table");
        EXECUTE format('DROP POLICY IF EXISTS of_community ON %I', "table");
        EXECUTE format(
            'CREATE POLICY of_community ON %I USING (%I = nullif(current_setting(''app.community'', true), '''')::uuid)',
            "table", keyed);
    END LOOP;
    IF to_regclass('community') IS NOT NULL THEN
        DROP POLICY IF EXISTS list ON community;
        CREATE POLICY list ON community FOR SELECT USING (current_setting('app.whole', true) = 'on');
    END IF;
END
$$;
