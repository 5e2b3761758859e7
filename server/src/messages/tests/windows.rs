//! An inbox with many messages: its first page, and that a stale phone ends as a fresh one does.

use super::{Circle, conversation, messages, say};
use crate::{
    both_engines,
    db::testing::TestDatabase,
    sync::tests::world::{Phone, World, mutation},
};

both_engines! {
    async fn the_first_page_of_a_long_inbox_has_the_newest_messages_and_their_conversations(db: TestDatabase) {
        let circle = Circle::new(World::new(db).await).await;
        let old = circle.pair(circle.sato, circle.suzuki).await;
        let since = circle.world.version().await;
        for chunk in 0..6 {
            let some = (0..240).map(|number| mutation(&say(old, &format!("{}", chunk * 240 + number)), since)).collect();
            assert_eq!(circle.world.decide(circle.sato, None, some).await, Ok(None));
        }
        let new = circle.pair(circle.takahashi, circle.suzuki).await;
        circle.say(circle.takahashi, new, "いちばん新しい").await;
        let mut phone = Phone::new(circle.suzuki);
        phone.step(&circle.world).await;
        let held = messages(&phone);
        assert_eq!(held.len(), 50);
        assert!(held.iter().any(|message| message.text == "いちばん新しい"));
        assert!(held.iter().any(|message| message.text == "1439") && !held.iter().any(|message| message.text == "0"));
        assert!(conversation(&phone, old).is_some() && conversation(&phone, new).is_some());
        phone.step(&circle.world).await;
        phone.step(&circle.world).await;
        let oldest = |phone: &Phone| messages(phone).iter().map(|message| message.position).min();
        let reached = oldest(&phone);
        phone.sync(&circle.world).await;
        assert!(oldest(&phone) < reached, "older ones come later");
        assert_eq!(messages(&phone).len(), 1_441);
    }
}
