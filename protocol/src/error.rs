//! Every error that one side tells the other: a stable code, an HTTP status that means it, and
//! words in Japanese and English that say what happened, what is safe, and what to do.

use serde::{Deserialize, Serialize};

/// A language that the product speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

impl Language {
    /// The first of the two that an `Accept-Language` header names; Japanese where it names neither.
    pub fn preferred(accept_language: &str) -> Self {
        accept_language
            .split(',')
            .find_map(|part| match part.trim().get(..2)?.to_ascii_lowercase().as_str() {
                "ja" => Some(Self::Ja),
                "en" => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// The body of every answer that is an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, for people, in the language they asked for.
    pub message: String,
    /// In how many seconds it is worth another try, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

impl ErrorBody {
    /// The body for a code.
    pub fn new(code: ErrorCode, language: Language) -> Self {
        Self { code, message: code.message(language).to_owned(), retry_after_seconds: None }
    }
}

macro_rules! errors {
    ($($name:ident = $text:tt, $status:literal, $ja:literal, $en:literal;)*) => {
        /// A stable code. Its English message says what it means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        pub enum ErrorCode {
            $(#[doc = $en] #[serde(rename = $text)] $name,)*
            /// A code that this build does not know. Never sent.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// All codes that are sent.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code's name on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Unknown => "unknown",
                }
            }

            /// The code of that name; [`ErrorCode::Unknown`] where this build has none.
            pub fn named(name: &str) -> Self {
                match name {
                    $($text => Self::$name,)*
                    _ => Self::Unknown,
                }
            }

            /// The HTTP status of an answer with this code.
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                    Self::Unknown => 500,
                }
            }

            /// The words for a person.
            pub fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Ja) => $ja, (Self::$name, Language::En) => $en,)*
                    (Self::Unknown, Language::Ja) =>
                        "うまくいきませんでした。書いたものは残っています。アプリを新しくして、もう一度お試しください。",
                    (Self::Unknown, Language::En) =>
                        "That did not work. What you wrote is kept. Update the app and try again.",
                }
            }
        }
    };
}

errors! {
    // What the request itself is.
    Malformed = "malformed", 400,
        "送られた内容を読み取れませんでした。何も変わっていません。アプリを新しくして、もう一度お試しください。",
        "The request could not be read. Nothing was changed. Update the app and try again.";
    TooLarge = "too_large", 413,
        "送られた内容が大きすぎます。何も変わっていません。短くするか、分けて送ってください。",
        "The request is too large. Nothing was changed. Shorten it or send it in parts.";
    NotFound = "not_found", 404,
        "見つかりませんでした。削除されたか、見られる範囲が変わったのかもしれません。",
        "It was not found. It may have been deleted, or you may no longer see it.";
    MethodNotAllowed = "method_not_allowed", 405,
        "この操作はここではできません。何も変わっていません。アプリを新しくしてください。",
        "That cannot be done here. Nothing was changed. Update the app.";
    UpgradeRequired = "upgrade_required", 426,
        "このアプリは古くなりました。書いたものは端末に残っています。アプリを新しくすると、続きから使えます。",
        "This version of the app is too old. What you wrote is kept on this device. Update the app to go on.";
    RateLimited = "rate_limited", 429,
        "短い間に何度も試されたため、少しお待ちいただいています。しばらくして、もう一度お試しください。",
        "There were many tries in a short time. Please wait a little and try again.";

    // Who asks.
    SignedOut = "signed_out", 401,
        "サインインの期限が切れたか、取り消されました。書いたものは端末に残っています。もう一度サインインしてください。",
        "You are signed out on this device. What you wrote is kept here. Please sign in again.";
    NotAllowed = "not_allowed", 403,
        "この操作をする権限がありません。何も変わっていません。必要なら、コミュニティの担当者にお尋ねください。",
        "You may not do that here. Nothing was changed. If you need it, ask those who run the community.";
    MembershipWaiting = "membership_waiting", 403,
        "参加の確認を待っています。担当者が確認すると、メールでお知らせします。",
        "Your request to join is waiting. You will get a mail once somebody has looked at it.";
    MembershipEnded = "membership_ended", 403,
        "このコミュニティへの参加は終わっています。送っていないものは「確認が必要です」に残っています。",
        "You are no longer a member of this community. What was not sent is kept under needs attention.";
    MembershipSuspended = "membership_suspended", 403,
        "このコミュニティへの参加は一時的に止められています。書いたものは端末に残っています。担当者にお尋ねください。",
        "Your membership is suspended. What you wrote is kept on this device. Ask those who run the community.";

    // Signing in.
    AddressInvalid = "address_invalid", 422,
        "メールアドレスの形が正しくないようです。もう一度確かめて入力してください。",
        "That does not look like an e-mail address. Please check it.";
    CodeWrong = "code_wrong", 422,
        "コードが違います。メールに届いた6桁の数字を確かめて、もう一度入力してください。",
        "That is not the code. Check the six digits in the mail and enter them again.";
    CodeExpired = "code_expired", 410,
        "コードの期限が切れたか、試せる回数を超えました。新しいコードを受け取ってください。",
        "The code is no longer valid, or was tried too often. Please ask for a new one.";

    // The account.
    AddressTaken = "address_taken", 409,
        "このメールアドレスは、別のアカウントで使われています。何も変わっていません。そのアドレスでサインインして外してから、もう一度追加してください。",
        "Another account uses this address. Nothing was changed. Sign in with it, remove it there, and add it here again.";
    LastAddress = "last_address", 409,
        "最後のメールアドレスは外せません。何も変わっていません。先に別のアドレスを追加してください。",
        "The last address cannot be removed. Nothing was changed. Add another address first.";
    OwnAddressNeeded = "own_address_needed", 409,
        "退職した会社のアドレスのほかに、ご自身のアドレスが必要です。招待と入力した内容はそのままです。ご自身のアドレスを追加してから、続けてください。",
        "Beside an address at the former employer an address of your own is needed. The invitation and what you entered are kept. Add your own address, then go on.";
    RecoveryCodeWrong = "recovery_code_wrong", 422,
        "リカバリーコードが違うか、もう使われています。何も変わっていません。印刷したコードを確かめて、もう一度入力してください。",
        "The recovery code is not right, or was used already. Nothing was changed. Check the printed code and enter it again.";
    LastOwner = "last_owner", 409,
        "ほかにオーナーがいないため、退会することも役割を離れることもできません。何も変わっていません。先に別の方をオーナーにしてください。",
        "Nobody else answers for the community, so this owner can neither leave it nor give the role up. Nothing was changed. Make somebody else an owner first.";
    RecoveryOver = "recovery_over", 410,
        "この申し出は、もう終わっています。何も変わっていません。必要なら、あらためて申し出てください。",
        "This request is over. Nothing was changed. If it is still needed, ask again.";

    // Invitations.
    InvitationUnknown = "invitation_unknown", 404,
        "この招待は見つかりませんでした。リンクがすべて写っているか確かめるか、招待した方にお尋ねください。",
        "This invitation was not found. Check that the link is complete, or ask whoever sent it.";
    InvitationUsed = "invitation_used", 410,
        "この招待はすでに使われました。もう参加済みなら、メールアドレスでサインインできます。",
        "This invitation has been used. If that was you, sign in with your e-mail address.";
    InvitationExpired = "invitation_expired", 410,
        "この招待は期限が切れました。招待した方に、新しい招待をお願いしてください。",
        "This invitation has expired. Ask whoever invited you for a new one.";
    InvitationRevoked = "invitation_revoked", 410,
        "この招待は取り消されました。招待した方にお尋ねください。",
        "This invitation was taken back. Ask whoever invited you.";
    FactWrong = "fact_wrong", 422,
        "入力された内容が、会社の記録と合いませんでした。確かめて、もう一度入力してください。",
        "That does not match the company's record. Please check it and enter it again.";
    FactMissing = "fact_missing", 422,
        "この方の記録には、本人と確かめるもの（生年月日か社員番号）がありません。何も変わっていません。記録に加えてから、もう一度お試しください。",
        "The record of this person holds nothing to prove who they are by (date of birth or employee number). Nothing was changed. Add it to the record and try again.";
    NameInvalid = "name_invalid", 422,
        "お名前を入力してください（姓と名、それぞれ60文字まで）。",
        "Please enter a name (family and given name, up to 60 characters each).";

    // Results of mutations.
    UnknownMutation = "unknown_mutation", 422,
        "サーバーがこの操作をまだ知りません。書いたものは端末に残っています。あとで、もう一度送ってください。",
        "The server does not know this kind of action yet. What you wrote is kept. Send it again later.";
    TextEmpty = "text_empty", 422,
        "文章が空です。ひとことでも書いてから送ってください。",
        "There is no text. Write something before you send it.";
    TextTooLong = "text_too_long", 422,
        "文章が長すぎます。文章は残っています。短くするか、分けて送ってください。",
        "The text is too long. It is kept. Shorten it or send it in parts.";
    TooMany = "too_many", 422,
        "一度に指定できる数を超えています。書いたものは残っています。数を減らしてください。",
        "That is more than is possible at once. What you wrote is kept. Use fewer.";
    ReactionInvalid = "reaction_invalid", 422,
        "このリアクションは使えません。別の絵文字を選んでください。",
        "That reaction cannot be used. Choose another emoji.";
    WrongPlace = "wrong_place", 422,
        "ここには投稿できません。文章は残っています。投稿先を選び直してください。",
        "That cannot be posted here. The text is kept. Choose another place.";
    Conflict = "conflict", 409,
        "書き直している間に、元の文章が変わりました。どちらの文章も残っています。見比べて選んでください。",
        "The text was changed while you edited it. Both texts are kept. Compare them and choose.";
    PollInvalid = "poll_invalid", 422,
        "投票の選択肢を確かめてください（2〜10個、それぞれ100文字まで、同じものは入れられません。締め切りはこれからの時刻に）。文章は残っています。",
        "Please check the poll's options (2 to 10, up to 100 characters each, all different, closing in the future). The text is kept.";
    PollClosed = "poll_closed", 409,
        "投票は締め切られました。この票は数えられていません。結果は投稿で見られます。",
        "The poll has closed. This vote was not counted. The post shows the result.";
    ChoiceInvalid = "choice_invalid", 422,
        "選べるものを確かめて、もう一度選んでください。前の票はそのままです。",
        "Please check what can be chosen and choose again. Your former vote stays as it was.";
    ConsentOutdated = "consent_outdated", 409,
        "同意の文が新しくなりました。前の同意だけでは使われません。アプリを新しくして、新しい文を読んでから選んでください。",
        "The words of this consent have changed. Nothing is done on your former consent. Update the app, read the new words and choose.";
    ParentRefused = "parent_refused", 409,
        "元の投稿が送れなかったため、これも送っていません。文章は残っています。元の投稿を先に直してください。",
        "What this belongs to could not be sent, so this was not sent either. The text is kept. Mend that one first.";
    Erased = "erased", 410,
        "これは消去されたもので、もう一度送ることはできません。",
        "This was erased and cannot be sent again.";
    Expired = "expired", 410,
        "送ってから長い時間がたち、届いたかどうかを確かめられません。文章は残っています。まだ要るものなら、もう一度送ってください。",
        "It was sent so long ago that nobody can tell whether it arrived. It is kept. If it is still wanted, send it again.";
    AlreadyExists = "already_exists", 409,
        "同じものがすでにあります。何も変わっていません。",
        "It exists already. Nothing was changed.";

    // Moderation.
    RuleUnknown = "rule_unknown", 422,
        "選んだきまりが、今のきまりの中に見つかりませんでした。書いたものは残っています。きまりを選び直してください。",
        "That rule is not among the present rules. What you wrote is kept. Choose the rule again.";
    TooManyReports = "too_many_reports", 429,
        "24時間に通報できる数を超えました。これまでの通報は届いています。時間をおいて、もう一度送ってください。",
        "That is more reports than can be made in 24 hours. Those you made have arrived. Send this one again later.";
    ReportToStaff = "report_to_staff", 422,
        "グループの世話役についての通報は、その世話役にも見える場所には出せません。内容は残っています。コミュニティの担当者に渡すことを選んで、もう一度送ってください。",
        "A report about a keeper of the group cannot go where that keeper reads. It is kept. Choose to hand it to those who run the community, and send it again.";
    Hidden = "hidden", 409,
        "これは非表示になっているため、変えることも返事をすることもできません。書いたものは残っています。ご自身の投稿なら、異議を申し立てられます。",
        "This is hidden, so it cannot be changed or answered. What you wrote is kept. If it is yours, you can appeal.";
    OwnCase = "own_case", 403,
        "ご自身が関わった件は、ほかの担当者が決めます。何も変わっていません。ほかに担当者がいなければ、オーナーに指名をお願いしてください。",
        "Somebody else decides a case that you are part of. Nothing was changed. If nobody else is on duty, ask the owner to name somebody.";
    ClosedToStaff = "closed_to_staff", 403,
        "このグループには、コミュニティを運営する人は入れません。何も変わっていません。",
        "Nobody who runs the community can be in this group. Nothing was changed.";
    LeaveGroupsFirst = "leave_groups_first", 409,
        "この方は、運営する人が入れないグループに参加しています。何も変わっていません。ご本人がそのグループを出てから、もう一度お試しください。",
        "This member is in a group that nobody who runs the community can be in. Nothing was changed. Try again once they have left it.";
    // Messages.
    NotReachable = "not_reachable", 403,
        "この方には、今はここからメッセージを送れません。書いたものは残っています。別の方法で連絡するか、時間をおいてお試しください。",
        "This member cannot be sent messages here at present. What you wrote is kept. Try another way, or later.";
    RequestWaiting = "request_waiting", 409,
        "相手の方がまだ返事をしていないため、続きは送れません。書いたものは残っています。返事があってから、もう一度送ってください。",
        "There is no answer to your first messages yet, so no more can be sent. What you wrote is kept. Send it again after an answer.";
    RequestsExhausted = "requests_exhausted", 429,
        "新しい方への最初のメッセージが、一日に送れる数に達しました。書いたものは残っています。明日、もう一度お試しください。",
        "You have written to as many new people as is possible in a day. What you wrote is kept. Try again tomorrow.";
    NobodyThere = "nobody_there", 409,
        "この会話には、今ほかに受け取れる方がいません。書いたものは残っています。新しく会話を始めてください。",
        "Nobody else in this conversation can receive anything now. What you wrote is kept. Begin a new conversation.";
    ConversationOfTwo = "conversation_of_two", 422,
        "二人の会話に、人を加えたり名前を付けたりはできません。何も変わっていません。新しい会話を始めてください。",
        "Nobody can be added to a conversation of two, nor can it have a title. Nothing was changed. Begin a new one.";

    // Files.
    FileTooLarge = "file_too_large", 413,
        "ファイルが大きすぎます（上限20 MB）。文章は残っています。小さいファイルを選んでください。",
        "The file is too large (20 MB at most). The text is kept. Choose a smaller file.";
    FileKindUnknown = "file_kind_unknown", 422,
        "この種類のファイルは送れません。文章は残っています。JPEG・PNG・WebP・GIFの画像か、PDFを選んでください。",
        "A file of this kind cannot be sent. The text is kept. Choose a JPEG, PNG, WebP or GIF image, or a PDF.";
    FileUnreadable = "file_unreadable", 422,
        "ファイルが壊れているか、途中で切れているようです。文章は残っています。開けることを確かめて、選び直してください。",
        "The file seems to be damaged or cut short. The text is kept. Check that it opens, and choose it again.";
    ImageTooLarge = "image_too_large", 422,
        "画像の画素数が多すぎます（上限5,200万画素）。文章は残っています。縮小してから選び直してください。",
        "The image has too many pixels (52 megapixels at most). The text is kept. Make it smaller and choose it again.";
    PdfEncrypted = "pdf_encrypted", 422,
        "パスワードのかかったPDFは送れません。文章は残っています。パスワードを外したPDFを選んでください。",
        "A PDF with a password cannot be sent. The text is kept. Choose one without a password.";
    PdfActive = "pdf_active", 422,
        "このPDFには、開いたときに動くもの（スクリプトや埋め込みファイルなど）が入っているため送れません。文章は残っています。印刷からPDFに書き出したものを選んでください。",
        "This PDF holds something that acts when it is opened, such as a script or an embedded file, and cannot be sent. The text is kept. Print it to a new PDF and choose that one.";
    PdfTooLong = "pdf_too_long", 422,
        "PDFのページが多すぎます（上限500ページ）。文章は残っています。分けてから選び直してください。",
        "The PDF has too many pages (500 at most). The text is kept. Split it and choose a part.";
    UploadQuota = "upload_quota", 429,
        "今日送れるファイルの量（300 MB、300件）に達しました。文章は残っています。明日もう一度送るか、添付なしで送ってください。",
        "You have sent as many files as is possible in a day (300 MB, 300 files). The text is kept. Send it again tomorrow, or without the file.";
    UploadBroken = "upload_broken", 409,
        "ファイルが途中で変わったため、受け取れませんでした。文章は残っています。もう一度送ると、はじめから送り直します。",
        "The file changed on its way and was not taken. The text is kept. Send it again, and it goes from the beginning.";
    UploadCancelled = "upload_cancelled", 409,
        "ファイルの送信を取りやめました。文章は残っています。もう一度送るか、添付なしで送るか、取り消すかを選んでください。",
        "Sending the file was stopped. The text is kept. Send it again, send it without the file, or discard it.";
    AttachmentMissing = "attachment_missing", 422,
        "添付ファイルがサーバーにありませんでした。文章は残っています。もう一度送ると、ファイルから送り直します。",
        "The attached file was not on the server. The text is kept. Send it again, and the file goes first.";
    AttachmentLost = "attachment_lost", 410,
        "添付ファイルを端末から読み出せなくなりました。文章は残っています。添付なしで送るか、ファイルを選び直してください。",
        "The attached file can no longer be read on this device. The text is kept. Send it without the file, or choose the file again.";
    FileMissing = "file_missing", 410,
        "このファイルはサーバーに残っていません。投稿の文章はそのまま読めます。投稿した方に、もう一度送ってもらってください。",
        "The server no longer has this file. The post itself can be read. Ask whoever posted it to send it again.";

    // Why the server decides nothing just now.
    OutOfOrder = "out_of_order", 409,
        "先に書いたものがまだ届いていません。つながると順に送られます。",
        "Something written earlier has not arrived yet. It will all be sent in order.";
    OtherEra = "other_era", 409,
        "サーバーが復元されました。書いたものは残っています。最新の内容を受け取ってから送り直します。",
        "The server was restored. What you wrote is kept and will be sent again after catching up.";
    TooMuchAtOnce = "too_much_at_once", 409,
        "一度に送れる量を超えました。残りは続けて送られます。",
        "That is more than fits into one request. The rest will follow.";
    TryAgain = "try_again", 503,
        "サーバーが今は処理できません。書いたものは残っています。少したつと、自動で送り直します。",
        "The server cannot do this right now. What you wrote is kept and will be sent again by itself.";
    Reset = "reset", 410,
        "しばらく離れていたため、はじめから受け取り直します。今見えているものはそのまま使えます。",
        "You were away for long, so everything is fetched anew. What you see stays usable.";

    // The server itself.
    StorageFull = "storage_full", 503,
        "サーバーの空きがなくなりました。送ったものは端末に残っています。空きができると、自動で送り直します。",
        "The server has no space left. What you sent is kept on this device and will be sent again by itself.";
    ShuttingDown = "shutting_down", 503,
        "サーバーを入れ替えています。すぐにつながり直します。",
        "The server is being restarted. The connection will be back in a moment.";
    Internal = "internal", 500,
        "サーバーの中でうまくいきませんでした。書いたものは残っています。しばらくして、もう一度お試しください。",
        "Something went wrong inside the server. What you wrote is kept. Please try again in a while.";

    // The phone itself.
    StoreDamaged = "store_damaged", 500,
        "この端末に保存したデータの一部が壊れています。サーバーにあるものは無事で、まだ送っていないものも、読み取れる限り取り出します。アプリを開き直してください。",
        "Some of what is stored on this device is damaged. What the server has is safe, and what was not sent yet is recovered as far as it can be read. Open the app again.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_one_name_and_words_in_both_languages() {
        let names: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::named(code.as_str()), *code);
            assert!(code.message(Language::Ja).ends_with('。'), "{code:?}");
            assert!(code.message(Language::En).ends_with('.'), "{code:?}");
            assert!(!code.message(Language::Ja).contains('！'), "{code:?}");
            assert!((400..=599).contains(&code.status()), "{code:?}");
        }
    }

    #[test]
    fn a_code_from_a_newer_server_is_read_as_unknown() {
        let body: ErrorBody = serde_json::from_str(r#"{"code":"from_the_future","message":"x"}"#).expect("reads");
        assert_eq!(body.code, ErrorCode::Unknown);
    }

    #[test]
    fn the_language_asked_for_first_is_taken() {
        assert_eq!(Language::preferred("fr, en;q=0.8, ja;q=0.5"), Language::En);
        assert_eq!(Language::preferred("JA-jp"), Language::Ja);
        assert_eq!(Language::preferred(""), Language::Ja);
        assert_eq!(Language::preferred("é"), Language::Ja);
    }
}
