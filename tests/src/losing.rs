//! Calls over a network that loses something once.

use crate::{Fault, TestPhone, waiting::in_time};
use enishi_core::Error;

/// Makes a call over a network with a fault; where no answer comes, once more without.
pub async fn through<T>(
    phone: &TestPhone,
    fault: Fault,
    to: &str,
    mut call: impl AsyncFnMut() -> Result<T, Error>,
) -> T {
    phone.network().plan_for(to, [fault]);
    let first = in_time(format!("{to} over {fault:?}"), call()).await;
    assert_eq!(phone.network().left(), 0, "{fault:?} was not met by {to}");
    match first {
        Ok(answer) => answer,
        Err(Error::Offline) => in_time(to, call()).await.unwrap(),
        Err(error) => panic!("{to} over {fault:?}: {error}"),
    }
}
