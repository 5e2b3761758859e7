//! Whether the time of an answer tells that an address is known: codes are asked for by turns, for addresses that have
//! an account and for others.

use super::{
    Scale,
    report::{Report, ms, share},
    session::Session,
    wire::Wire,
    world::World,
};
use crate::Failed;
use enishi_protocol::{AttemptId, Language, session::SignInStart};
use std::time::Instant;
use uuid::Uuid;

/// Codes that each address is asked for: with the one that made the account, as many as an hour has room for.
const EACH: usize = 5;

/// The middle of either, and how far apart they are.
pub(super) async fn measure(report: &mut Report, scale: &Scale, world: &World) -> Result<(), Failed> {
    let names = ["sign_in_known_p50", "sign_in_unknown_p50", "sign_in_apart"];
    if !report.wants(&names) {
        return Ok(());
    }
    let accounts = scale.asked.div_ceil(EACH);
    for number in 0..accounts {
        Session::sign_in(world, &address("known", number)).await?;
    }
    let mut wire = Wire::connect(&world.url, "/v1/sign-in", "").await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..scale.asked {
        for (kind, times) in [("known", &mut known), ("unknown", &mut unknown)] {
            let start = SignInStart {
                attempt: AttemptId(Uuid::new_v4()),
                secret_hash: "5e".repeat(32),
                address: address(kind, number % accounts),
                language: Language::Ja,
            };
            let body = serde_json::to_vec(&start)?;
            let sent = Instant::now();
            wire.call(&body).await?;
            times.push(ms(sent.elapsed()));
        }
    }
    let (known, unknown) = (share(&mut known, 0.5), share(&mut unknown, 0.5));
    report.one(names[0], "ms", known)?;
    report.one(names[1], "ms", unknown)?;
    report.one(names[2], "ms", (known - unknown).abs())
}

/// Of the same length, whichever it is.
fn address(kind: &str, number: usize) -> String {
    format!("{kind:_<8}{number:05}@bench.example")
}
