use super::{ConsentView, consents, give, withdraw};
use crate::{
    feed::Delivery,
    testing::{Phone, id},
};
use enishi_protocol::{
    Entity, ErrorCode, Language,
    consents::{Purpose, Receipt},
};

const PURPOSE: Purpose = Purpose::DirectoryExport;

fn seen(phone: &Phone) -> ConsentView {
    let all = consents(&phone.store, phone.community, Language::Ja).expect("reads");
    assert_eq!(all.len(), Purpose::ALL.len());
    all.into_iter().find(|view| view.purpose == PURPOSE).expect("listed")
}

fn receipt(phone: &mut Phone, at: i64, version: i64, withdrawn_us: Option<i64>) {
    let receipt = Receipt { purpose: PURPOSE, version, language: Language::En, given_us: at, withdrawn_us };
    let number = u128::try_from(at).expect("positive");
    phone.put(phone.inbox(), at, id(900 + number), &Entity::Receipt(receipt), None);
}

#[test]
fn a_choice_without_network_shows_at_once_and_is_undone_where_it_is_refused() {
    let mut phone = Phone::new();
    assert!(!seen(&phone).given && !seen(&phone).text.is_empty());
    let given = phone.write(give(PURPOSE, Language::Ja));
    assert_eq!((seen(&phone).given, seen(&phone).delivery), (true, Delivery::Pending));
    phone.write(withdraw(PURPOSE));
    assert!(!seen(&phone).given);
    phone.refuse(given, ErrorCode::ConsentOutdated);
    assert!(!seen(&phone).given);
}

#[test]
fn receipts_stay_with_their_words_and_older_words_need_another_consent() {
    let mut phone = Phone::new();
    receipt(&mut phone, 2, PURPOSE.version(), Some(3));
    receipt(&mut phone, 4, PURPOSE.version(), None);
    let view = seen(&phone);
    assert!(view.given && !view.outdated);
    assert_eq!(view.receipts.iter().map(|held| held.receipt.given_us).collect::<Vec<_>>(), [4, 2]);
    assert_eq!(view.receipts[0].text, PURPOSE.text(PURPOSE.version(), Language::En).map(|words| words.text.to_owned()));
    let mut phone = Phone::new();
    receipt(&mut phone, 2, 0, None);
    let view = seen(&phone);
    assert!(!view.given && view.outdated && view.receipts[0].text.is_none());
}
