use super::{Exported, members};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::tests::world::{Phone, World, query, run_sql},
};
use enishi_protocol::{
    Entity, EntityKind, ErrorCode, MemberId, MutationId, Operation, Stream,
    consents::{ConsentGiving, ConsentWithdrawal, Purpose, Receipt},
    error::Language,
    membership::{Audience, ProfileField, ProfileSetting, Role},
};

fn give(purpose: Purpose) -> Operation {
    Operation::GiveConsent(ConsentGiving { purpose, version: purpose.version(), language: Language::Ja })
}

fn withdraw(purpose: Purpose) -> Operation {
    Operation::WithdrawConsent(ConsentWithdrawal { purpose })
}

async fn exported(world: &World) -> Vec<Exported> {
    let community = world.community;
    world.read(move |conn| Ok(members(conn, community, None, 100)?)).await.expect("read")
}

async fn receipt(world: &World, member: MemberId, id: MutationId) -> Option<Receipt> {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    match phone.entity(Stream::Member(member), &EntityKind::Receipt, id.0) {
        Some(Entity::Receipt(receipt)) => Some(receipt),
        _ => None,
    }
}

both_engines! {
    async fn the_very_next_query_leaves_out_whoever_took_their_consent_back(db: TestDatabase) {
        let world = World::new(db).await;
        let (one, other) = (world.member("佐藤", Role::Member).await, world.member("鈴木", Role::Member).await);
        assert_eq!(exported(&world).await, [], "without consent nobody is in the list");
        for member in [one, other] {
            world.can(member, &give(Purpose::DirectoryExport)).await;
        }
        assert_eq!(exported(&world).await.len(), 2);
        world.can(one, &withdraw(Purpose::DirectoryExport)).await;
        let left: Vec<_> = exported(&world).await.into_iter().map(|row| row.member).collect();
        assert_eq!(left, [other]);
        world.by_server(move |writing| crate::membership::end(writing, other)).await;
        assert_eq!(exported(&world).await, [], "whoever left is in no list");
    }

    async fn the_list_has_what_hr_may_see_and_the_number_only_where_that_is_allowed_as_well(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let audiences = [
            (ProfileField::Title, Audience::Everyone),
            (ProfileField::Employer, Audience::Groups),
            (ProfileField::Contact, Audience::Hr),
            (ProfileField::About, Audience::Nobody),
        ];
        for (field, audience) in audiences {
            let setting = ProfileSetting { field, value: Some("値".into()), audience };
            world.can(member, &Operation::SetProfile(setting)).await;
        }
        run_sql(&world, "INSERT INTO entry (community, id, employee_number, family, given, kana, former_family,
            left_date, reason, department, title, employment, address, phone, remarks, name_key, member, changed_us)
            SELECT community, id, '17-00001', '佐藤', '', '', '', '2019-03-31', '', '', '', '', '', '', '', '佐藤', id, 0
            FROM member WHERE community = $1").await;
        world.can(member, &give(Purpose::DirectoryExport)).await;
        let row = exported(&world).await.remove(0);
        assert_eq!(row.fields.keys().copied().collect::<Vec<_>>(), [ProfileField::Title, ProfileField::Contact]);
        assert_eq!(row.employee_number, None);
        world.can(member, &give(Purpose::RegistryLink)).await;
        assert_eq!(exported(&world).await.remove(0).employee_number.as_deref(), Some("17-00001"));
        world.can(member, &withdraw(Purpose::RegistryLink)).await;
        assert_eq!(exported(&world).await.remove(0).employee_number, None);
    }

    async fn receipts_say_what_was_agreed_to_and_stay(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let purpose = Purpose::DirectoryExport;
        let given = world.can(member, &give(purpose)).await;
        let version = world.version().await;
        world.can(member, &give(purpose)).await;
        assert_eq!(world.version().await, version, "the same once more changes nothing");
        let held = receipt(&world, member, given).await.expect("a receipt");
        assert_eq!((held.purpose, held.version, held.withdrawn_us), (purpose, purpose.version(), None));
        world.can(member, &withdraw(purpose)).await;
        world.can(member, &withdraw(purpose)).await;
        assert!(receipt(&world, member, given).await.expect("it stays").withdrawn_us.is_some());
        let again = world.can(member, &give(purpose)).await;
        assert_eq!(receipt(&world, member, again).await.expect("another").withdrawn_us, None);
        assert!(receipt(&world, member, given).await.expect("it stays").withdrawn_us.is_some());
    }

    async fn a_consent_to_older_words_is_none_and_to_newer_words_another(db: TestDatabase) {
        let world = World::new(db).await;
        let member = world.member("佐藤", Role::Member).await;
        let purpose = Purpose::DirectoryExport;
        let older = Operation::GiveConsent(ConsentGiving { purpose, version: 0, language: Language::En });
        assert_eq!(world.cannot(member, &older).await, ErrorCode::ConsentOutdated);
        let first = world.can(member, &give(purpose)).await;
        // As if the words had changed since.
        run_sql(&world, "UPDATE consent SET version = 0 WHERE community = $1").await;
        assert_eq!(exported(&world).await, [], "other words need another consent");
        world.can(member, &give(purpose)).await;
        assert_eq!(exported(&world).await.len(), 1);
        assert!(receipt(&world, member, first).await.expect("it stays").withdrawn_us.is_some());
        assert_eq!(query(&world, "SELECT id FROM consent WHERE community = $1").await.len(), 2);
    }
}
