use super::follow;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

#[tokio::test]
async fn the_first_value_is_there_at_once_and_a_slow_reader_gets_the_newest() {
    let (changed, receiver) = watch::channel(0_u64);
    let truth = Arc::new(AtomicU64::new(7));
    let (source, asked) = (truth.clone(), Arc::new(watch::channel(0_u64).0));
    let told = asked.clone();
    let query = move || {
        told.send_modify(|count| *count += 1);
        Ok(source.load(Ordering::SeqCst))
    };
    let mut subscription = follow(receiver, query).expect("answers");
    assert_eq!(subscription.latest(), 7);
    let mut answers = asked.subscribe();
    for value in 8..=10 {
        truth.store(value, Ordering::SeqCst);
        changed.send_modify(|count| *count += 1);
        answers.changed().await.expect("asks");
    }
    while subscription.next().await.expect("goes on") != 10 {}
    drop(changed);
    assert_eq!(subscription.next().await, None);
}

#[tokio::test]
async fn dropping_a_subscription_ends_it() {
    let (changed, receiver) = watch::channel(0_u64);
    let subscription = follow(receiver, || Ok(1)).expect("answers");
    assert_eq!(changed.receiver_count(), 1);
    drop(subscription);
    changed.closed().await;
}
