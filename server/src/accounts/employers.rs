//! The former employer's mail domains: an address there is never the only one of somebody who left.

use super::address;
use crate::{
    db::{Connection, Database, DbError, Scope},
    error::{Error, Result},
    values,
};
use enishi_protocol::{AccountId, CommunityId, ErrorCode, limits};
use std::collections::BTreeSet;

/// Mail domains in the form in which they are compared.
///
/// # Errors
/// The text that is no domain, or too many.
pub fn read(texts: &[String]) -> std::result::Result<Vec<String>, String> {
    let mut domains = BTreeSet::new();
    for text in texts.iter().flat_map(|text| text.split([',', ' '])).filter(|text| !text.is_empty()) {
        let bare = text.trim_start_matches('@');
        let folded = address::fold(&format!("x@{bare}")).ok_or_else(|| text.to_owned())?;
        domains.extend(folded.split_once('@').map(|(_, domain)| domain.to_owned()));
    }
    if domains.len() > limits::EMPLOYER_DOMAINS {
        return Err(format!("at most {} domains", limits::EMPLOYER_DOMAINS));
    }
    Ok(domains.into_iter().collect())
}

/// Keeps a community's domains. Run in the community's scope.
pub fn set(conn: &mut dyn Connection, community: CommunityId, domains: &[String]) -> Result<()> {
    let sql = "UPDATE community SET employer_domains = $1 WHERE id = $2";
    conn.execute(sql, values![domains.join(" "), community])?;
    Ok(())
}

/// A community's domains. Run in the community's scope.
pub fn of(conn: &mut dyn Connection, community: CommunityId) -> Result<Vec<String>> {
    let row = conn.first("SELECT employer_domains FROM community WHERE id = $1", values![community])?;
    let text: String = row.map(|row| row.get(0)).transpose()?.unwrap_or_default();
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// Whether one of these addresses is at none of the domains, nor below them.
pub fn has_own(addresses: &[String], domains: &[String]) -> bool {
    let at = |address: &String, domain: &String| {
        let host = address.rsplit_once('@').map_or("", |(_, host)| host);
        host.strip_suffix(domain.as_str()).is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    addresses.iter().any(|address| !domains.iter().any(|domain| at(address, domain)))
}

/// The former employers of an account: what must be known before it loses an address.
#[derive(Clone, Debug, Default)]
pub struct Employers {
    communities: BTreeSet<CommunityId>,
    domains: Vec<Vec<String>>,
}

impl Employers {
    /// Looks through the communities of an account.
    pub async fn of(db: &Database, account: AccountId) -> Result<Self> {
        let communities = db.read(Scope::Accounts, move |conn| communities(conn, account)).await?;
        let mut employers = Self { communities: communities.clone(), domains: Vec::new() };
        for community in communities {
            let look = move |conn: &mut dyn Connection| -> Result<Vec<String>> {
                let sql = "SELECT id FROM member WHERE community = $1 AND account = $2 \
                           AND affiliation = 'alumnus' AND standing <> 'ended'";
                match conn.first(sql, values![community, account])? {
                    Some(_) => of(conn, community),
                    None => Ok(Vec::new()),
                }
            };
            employers.domains.push(db.read(Scope::Community(community), look).await?);
        }
        Ok(employers)
    }

    /// Checks that these addresses are enough. Run where the account is locked.
    ///
    /// # Errors
    /// [`ErrorCode::OwnAddressNeeded`]; [`ErrorCode::TryAgain`] where the account has joined
    /// another community since these were looked up.
    pub(super) fn check(&self, conn: &mut dyn Connection, account: AccountId, left: &[String]) -> Result<()> {
        if communities(conn, account)? != self.communities {
            return Err(ErrorCode::TryAgain.into());
        }
        let enough = self.domains.iter().all(|domains| has_own(left, domains));
        if enough { Ok(()) } else { Err(Error::Refused(ErrorCode::OwnAddressNeeded)) }
    }
}

fn communities(conn: &mut dyn Connection, account: AccountId) -> Result<BTreeSet<CommunityId>> {
    let rows = conn.query("SELECT community FROM account_membership WHERE account = $1", values![account])?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<std::result::Result<_, DbError>>()?)
}

#[cfg(test)]
mod tests {
    use super::{has_own, read};

    #[test]
    fn an_address_below_a_domain_is_at_it_and_one_that_ends_alike_is_not() {
        let domains = read(&["@Aomine.example.JP, ａｏｍｉｎｅ．com".into()]).unwrap();
        assert_eq!(domains, ["aomine.com", "aomine.example.jp"]);
        let own = |address: &str| has_own(&[address.into()], &domains);
        assert!(!own("a@aomine.example.jp") && !own("a@mail.aomine.example.jp") && !own("a@aomine.com"));
        assert!(own("a@notaomine.com") && own("a@aomine.com.example.org") && own("aomine.com@example.org"));
        assert!(!has_own(&[], &domains), "no address is none of one's own");
        assert!(read(&["no domain".into()]).is_err() && read(&["a@b.jp".into()]).is_err());
    }
}
