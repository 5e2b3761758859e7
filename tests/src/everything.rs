//! All that a server keeps, to see that something changed nothing.

use crate::{TestServer, waiting::until};
use enishi_protocol::CommunityId;
use enishi_server::{
    db::{Connection, Engine, Scope},
    error::Error,
    values,
};
use std::collections::BTreeMap;

/// The rows of every table, in an order of their own.
pub type Everything = BTreeMap<String, Vec<String>>;

const TABLES_OF_SQLITE: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
const TABLES_OF_POSTGRES: &str = "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'schema_migration'";

fn read(conn: &mut dyn Connection) -> Result<Everything, Error> {
    let postgres = conn.engine() == Engine::Postgres;
    let mut everything = Everything::new();
    for row in conn.query(if postgres { TABLES_OF_POSTGRES } else { TABLES_OF_SQLITE }, &[])? {
        let table: String = row.get(0)?;
        let columns = if postgres { format!("CAST(\"{table}\" AS text)") } else { "*".to_owned() };
        let rows = conn.query(&format!("SELECT {columns} FROM \"{table}\""), &[])?;
        let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        rows.sort();
        everything.insert(table, rows);
    }
    Ok(everything)
}

impl TestServer {
    /// Every row of every table that concerns one community, and of those that concern none, once no mail waits.
    pub async fn everything(&self, community: CommunityId) -> Everything {
        until("all mail to be out", async || {
            let count =
                |conn: &mut dyn Connection| Ok(conn.first("SELECT count(*) FROM mail", values![])?.unwrap().get(0)?);
            let waiting: i64 = self.write(Scope::Accounts, count).await.unwrap();
            (waiting == 0).then_some(())
        })
        .await;
        let everything = self.write(Scope::Community(community), read).await.unwrap();
        assert!(everything.len() > 30 && everything["community"].len() == 1, "{:?}", everything.keys());
        everything
    }
}
