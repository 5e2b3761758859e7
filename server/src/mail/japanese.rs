//! The words of every mail in Japanese: subject, then text.

use super::{
    Message,
    letter::{day, written},
};
use crate::kinds;
use enishi_protocol::Language;

#[allow(clippy::too_many_lines, reason = "one arm for each mail: a list of words")]
pub(super) fn words(message: &Message, server: &str) -> (String, String) {
    match message {
        Message::Code { code } => (
            "【縁】サインインのコード".into(),
            format!(
                "サインインのコードです。10分以内に、アプリで入力してください。\n\n{code}\n\n\
                 このコードは、だれにも伝えないでください。\n\
                 心当たりがない場合は、このメールを無視してください。何も変わりません。\n"
            ),
        ),
        Message::NewDevice { device } => (
            "【縁】新しい端末でサインインがありました".into(),
            format!(
                "新しい端末でサインインがありました。\n\n{device}\n\n\
                 ご自身でない場合は、アプリの「端末」からこの端末を取り消してください。\n"
            ),
        ),
        Message::AddressCode { code } => (
            "【縁】メールアドレスを追加するコード".into(),
            format!(
                "このメールアドレスを縁のアカウントに追加するコードです。10分以内に、アプリで入力してください。\n\n{code}\n\n\
                 このコードは、だれにも伝えないでください。\n\
                 心当たりがない場合は、このメールを無視してください。何も変わりません。\n"
            ),
        ),
        Message::AddressAdded { address } => (
            "【縁】メールアドレスが追加されました".into(),
            format!(
                "アカウントにメールアドレスが追加されました。このアドレスでもサインインできます。\n\n{address}\n\n\
                 ご自身でない場合は、アプリの「メールアドレス」から外し、「端末」で知らない端末を取り消してください。\n"
            ),
        ),
        Message::AddressRemoved { address } => (
            "【縁】メールアドレスが外されました".into(),
            format!(
                "アカウントからメールアドレスが外されました。このアドレスではサインインできなくなりました。\n\n{address}\n\n\
                 ご自身でない場合は、ほかの端末かアドレスでサインインし、「端末」で知らない端末を取り消してください。\n\
                 どれも使えないときは、会社の担当者か元同僚に、参加の引き継ぎを相談してください。\n"
            ),
        ),
        Message::RecoveryCodeMade => (
            "【縁】リカバリーコードが作られました".into(),
            "アカウントの新しいリカバリーコードが作られました。前のコードは使えなくなりました。\n\n\
             ご自身でない場合は、アプリの「端末」で知らない端末を取り消し、新しいコードを作り直してください。\n"
                .into(),
        ),
        Message::RecoveryCodeUsed { device } => (
            "【縁】リカバリーコードが使われました".into(),
            format!(
                "リカバリーコードを使ったサインインがありました。このコードはもう使えません。\n\n{device}\n\n\
                 ご自身でない場合は、アプリの「端末」からこの端末を取り消してください。\n"
            ),
        ),
        Message::RecoveryAsked { community } => (
            format!("【縁】「{community}」への参加について、申し出がありました"),
            format!(
                "「{community}」のあなたの参加を「自分のもの」とする申し出が、別のアカウントからありました。\n\
                 まだ何も変わっていません。だれかがこの申し出を支持すると、もう一度お知らせします。\n\n\
                 ご自身でない場合は、アプリのお知らせから止められます。\n"
            ),
        ),
        Message::RecoveryWaits { community, stop } => (
            format!("【縁】72時間後に「{community}」への参加が別のアカウントに移ります"),
            format!(
                "「{community}」のあなたの参加を「自分のもの」とする申し出が支持されました。\n\
                 72時間のあいだにだれも止めなければ、参加は申し出たアカウントに移ります。\n\n\
                 ご自身の申し出でない場合は、次のページのボタンで止めてください。\n\n{server}/stop/{stop}\n\n\
                 アプリのお知らせからも止められます。ページを開いただけでは、何も変わりません。\n"
            ),
        ),
        Message::RecoveryStopped { community } => (
            format!("【縁】「{community}」への参加の引き継ぎは止められました"),
            format!("「{community}」への参加の引き継ぎは止められました。参加は、これまでのアカウントのままです。\n"),
        ),
        Message::MembershipMoved { community } => (
            format!("【縁】「{community}」への参加が別のアカウントに移りました"),
            format!(
                "72時間のあいだに止められなかったため、「{community}」への参加が、申し出たアカウントに移りました。\n\n\
                 ご自身でない場合は、すぐに会社の担当者にお知らせください。\n"
            ),
        ),
        Message::RecoveryDecided { community, done: true } => (
            format!("【縁】「{community}」にまた参加できるようになりました"),
            format!("「{community}」への参加を、このアカウントに引き継ぎました。アプリを開くと、始められます。\n"),
        ),
        Message::RecoveryDecided { community, done: false } => (
            format!("【縁】「{community}」への参加の引き継ぎについて"),
            format!(
                "「{community}」への参加の引き継ぎは、今回はできませんでした。何も変わっていません。\n\
                 お心当たりと違う場合は、会社の担当者にお尋ねください。\n"
            ),
        ),
        Message::AccountDeleted => (
            "【縁】アカウントを削除しています".into(),
            "アカウントの削除を始めました。すべての端末からサインアウトし、メールアドレスもまもなく消去されます。\n\n\
             ご自身でない場合は、すぐに会社の担当者にお知らせください。\n"
                .into(),
        ),
        Message::JoinedAsYou { community } => (
            format!("【縁】「{community}」への参加がありました"),
            format!(
                "「{community}」の記録にあるあなたとして、参加がありました。\n\n\
                 ご自身でない場合は、会社の担当者にお知らせください。\n"
            ),
        ),
        Message::Invitation { community, community_kind, invited_by, role, affiliation, code, until_us, reminder } => {
            let lead = kinds::lead(*community_kind, Language::Ja);
            let inviter = kinds::inviter(*community_kind, *role, *affiliation, Language::Ja);
            let until = day(*until_us, Language::Ja);
            let (subject, often) = if *reminder {
                (
                    format!("【縁】「{community}」への招待を、もう一度だけお知らせします"),
                    "招待のメールは、これが最後です。",
                )
            } else {
                (
                    format!("【縁】「{community}」への招待です"),
                    "招待のメールは一度だけ、再度のお知らせも多くて一度です。",
                )
            };
            (
                subject,
                format!(
                    "{invited_by}さん{inviter}が、あなたを「{community}」に招待しています。\n\n{lead}\n\n\
                     {server}/i/{code}\n\n\
                     ページには、だれからのどんな招待かが書かれています。開いただけでは、何も送られません。\n\
                     招待は{until}まで使えます。\n\n\
                     このメールは、「{community}」の担当者の手元にある記録のアドレスにお送りしています。{often}\n\
                     ご不要の場合は、次のページのボタンで断れます。以後、「{community}」からこのようなメールは届きません。\n\n\
                     {server}/decline/{code}\n"
                ),
            )
        }
        Message::Decided { community, accepted: true } => (
            format!("【縁】「{community}」に参加できるようになりました"),
            format!("「{community}」への参加が確認されました。アプリを開くと、始められます。\n"),
        ),
        Message::Decided { community, accepted: false } => (
            format!("【縁】「{community}」への参加について"),
            format!(
                "「{community}」の担当者が確認しましたが、今回は参加いただけませんでした。\n\
                 お心当たりと違う場合は、招待した方か会社の担当者にお尋ねください。\n"
            ),
        ),
        Message::Suspended { community, until_us, reason } => {
            let until = until_us.map_or_else(
                || "担当者が解除するまで続きます。".into(),
                |until| format!("{}まで続きます。", written(until)),
            );
            (
                format!("【縁】「{community}」への参加が一時的に止められました"),
                format!(
                    "「{community}」への参加が一時的に止められました。{until}\n\n理由:\n{reason}\n\n\
                     書いたものはそのまま残っています。お心当たりと違う場合は、コミュニティの担当者にお尋ねください。\n"
                ),
            )
        }
        Message::Restored { community } => (
            format!("【縁】「{community}」にまた参加できます"),
            format!("「{community}」への参加が再開されました。アプリを開くと、続きから使えます。\n"),
        ),
        Message::Removed { community, reason } => (
            format!("【縁】「{community}」への参加が終わりました"),
            format!(
                "「{community}」の担当者が、あなたの参加を終わらせました。\n\n理由:\n{reason}\n\n\
                 書いたものは、お名前とともに残っています。消したい場合や、お心当たりと違う場合は、\
                 コミュニティの担当者にお尋ねください。\n"
            ),
        ),
    }
}
