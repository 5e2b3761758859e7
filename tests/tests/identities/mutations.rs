//! Every kind of mutation with places for ids, as in [`crate::calls`].

use serde_json::{Value, json};

/// The bodies of all kinds, one for each place that could hide another: a first refusal says nothing of a second.
#[allow(clippy::too_many_lines, reason = "a list")]
pub(crate) fn all() -> Vec<(&'static str, Value)> {
    let subjects = [
        json!({ "kind": "post", "id": "$post" }),
        json!({ "kind": "comment", "id": "$comment" }),
        json!({ "kind": "message", "id": "$message" }),
        json!({ "kind": "member", "id": "$member" }),
    ];
    let own_post = json!({ "stream": "community", "text": "ひとこと" });
    let with = |base: &Value, name: &str, value: Value| {
        let mut base = base.clone();
        base[name] = value;
        base
    };
    let file = json!([{ "id": "$attachment", "alt": "" }]);
    let mut all = vec![
        ("post.write", with(&own_post, "stream", json!("$stream"))),
        ("post.write", with(&own_post, "mentions", json!(["$member"]))),
        ("post.write", with(&own_post, "attachments", file.clone())),
        ("post.edit", json!({ "post": "$post", "base": "$mutation", "text": "改め", "mentions": [] })),
        ("post.delete", json!({ "post": "$post" })),
        ("post.move", json!({ "post": "$post", "stream": "$stream" })),
        ("post.pin", json!({ "post": "$post", "pinned": true })),
        ("comment.write", json!({ "post": "$post", "text": "返事" })),
        ("comment.write", json!({ "post": "$post", "reply_to": "$comment", "text": "返事" })),
        ("comment.write", json!({ "post": "$post", "text": "返事", "attachments": file })),
        ("comment.edit", json!({ "comment": "$comment", "base": "$mutation", "text": "改め" })),
        ("comment.delete", json!({ "comment": "$comment" })),
        ("reaction.set", json!({ "post": "$post", "reaction": "👍", "on": true })),
        ("poll.vote", json!({ "post": "$post", "choices": [0] })),
        ("bookmark.set", json!({ "post": "$post", "on": true })),
        ("read.mark", json!({ "stream": "$stream", "position": "%number" })),
        ("notifications.set", json!({ "of": "group", "group": "$group", "level": "off" })),
        ("group.join", json!({ "group": "$group", "note": "" })),
        ("group.leave", json!({ "group": "$group" })),
        ("group.invite", json!({ "group": "$group", "member": "$member" })),
        ("group.decide", json!({ "group": "$group", "request": "$request", "accept": true })),
        ("invitation.create", json!({ "code_hash": "%hash", "entry": "$entry" })),
        ("invitation.revoke", json!({ "invitation": "$invitation" })),
        ("invitation.tell", json!({ "invitation": "$invitation", "to_company": true })),
        ("join.vouch", json!({ "request": "$request" })),
        ("join.decide", json!({ "request": "$request", "accept": true })),
        // Whoever asks for a membership tells this id to those who vouch.
        ("recovery.support", json!({ "recovery": "#recovery", "member": "$member" })),
        ("recovery.decline", json!({ "recovery": "$recovery" })),
        ("rules.set", json!({ "base": "$mutation", "rules": [{ "ja": "きまり", "en": "a rule" }] })),
        ("report.make", json!({ "subject": subjects[2], "around": ["$message"], "rule": 1, "word": "" })),
        ("report.close", json!({ "report": "$report", "acted": true })),
        ("member.suspend", json!({ "member": "$member", "reason": "わけ" })),
        ("member.restore", json!({ "member": "$member" })),
        ("member.remove", json!({ "member": "$member", "reason": "わけ" })),
        ("role.set", json!({ "member": "$member", "role": "moderator" })),
        ("supporter.set", json!({ "member": "$member", "on": true })),
        ("block.set", json!({ "member": "$member", "on": true })),
        ("mute.set", json!({ "member": "$member", "on": true })),
        ("conversation.start", json!({ "with": ["$member"] })),
        ("conversation.add", json!({ "conversation": "$conversation", "members": ["$member"] })),
        ("conversation.leave", json!({ "conversation": "$conversation" })),
        ("conversation.title", json!({ "conversation": "$conversation", "title": "題" })),
        ("conversation.decide", json!({ "conversation": "$conversation", "accept": true })),
        ("conversation.read", json!({ "conversation": "$conversation", "position": "%number" })),
        ("conversation.mute", json!({ "conversation": "$conversation", "muted": true })),
        ("message.write", json!({ "conversation": "$conversation", "text": "やあ" })),
        ("message.edit", json!({ "message": "$message", "base": "$mutation", "text": "改め" })),
        ("message.delete", json!({ "message": "$message" })),
    ];
    for subject in &subjects {
        all.push(("report.make", json!({ "subject": subject, "rule": 1, "word": "" })));
        all.push(("content.hide", json!({ "subject": subject, "rule": 1 })));
        all.push(("content.unhide", json!({ "subject": subject })));
        all.push(("appeal.make", json!({ "subject": subject, "word": "" })));
        all.push(("appeal.decide", json!({ "subject": subject, "restore": true })));
    }
    all
}

/// Kinds that name nothing but what is whoever's who does them.
pub(crate) const WITHOUT_IDS: &[&str] = &[
    "notifications.read",
    "profile.set",
    "consent.give",
    "consent.withdraw",
    "welcome.set",
    "group.create",
    "referral.set",
    "messaging.set",
];
