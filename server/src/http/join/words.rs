//! The words of the pages on which one joins.

use enishi_protocol::Language;

macro_rules! words {
    ($($name:ident: $ja:literal, $en:literal;)*) => {
        pub(super) struct Words { $(pub(super) $name: &'static str,)* }

        pub(super) static JAPANESE: Words = Words { $($name: $ja,)* };
        pub(super) static ENGLISH: Words = Words { $($name: $en,)* };
    };
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::Ja => &JAPANESE,
        Language::En => &ENGLISH,
    }
}

words! {
    title: "縁｜参加する", "Enishi: joining";
    wrong: "直すところがあります", "Something to mend";
    optional: "（空けておけます）", "(may stay empty)";
    back: "招待の画面に戻る", "Back to the invitation";
    again: "はじめからやり直す", "Begin again";
    begin_again: "画面を開いてから時間がたったか、ブラウザーがクッキーを受け取らない設定になっています。入力したものは残っています。クッキーを許可して、もう一度押してください。",
        "This page was open for long, or your browser takes no cookies. What you entered is kept. Allow cookies and press again.";

    step_one: "3つのうち1つめ", "Step 1 of 3";
    address: "メールアドレス", "E-mail address";
    address_hint: "ふだん使う、ご自分のアドレスを入力してください。このあとは、このアドレスだけでアプリを使えます。",
        "Use an address of your own that you read. From then on the app needs nothing but this address.";
    address_button: "確認のコードを受け取る", "Send me a code";

    step_two: "3つのうち2つめ", "Step 2 of 3";
    code_heading: "メールに届いた数字を入力してください", "Enter the digits from the mail";
    code: "6桁の数字", "Six digits";
    code_hint: "10分以内に入力してください。", "They are good for ten minutes.";
    code_button: "次へ進む", "Go on";
    code_missing: "届かないときは、迷惑メールの中も見てください。別のアドレスで送り直すこともできます。",
        "If nothing arrives, look among junk mail, too. You can also use another address.";
    code_other: "別のアドレスにする、または送り直す", "Use another address, or send again";

    step_three: "3つのうち3つめ", "Step 3 of 3";
    profile_heading: "お名前を教えてください", "Tell us who you are";
    profile_lead: "お名前のほかは、空けておけます。あとからアプリでいつでも変えられます。",
        "All but the name may stay empty. You can change it in the app at any time.";
    family: "姓", "Family name";
    given: "名", "Given name";
    year_hint: "西暦4桁（例：2019）", "Four digits, for instance 2019";
    year_wrong: "西暦の4桁の数字で入力してください。", "Please enter the year with four digits.";
    birth_hint: "例：1985-04-08、昭和60年4月8日", "For instance 1985-04-08";
    note: "ひとこと", "A word";
    consent: "参加のために、上のとおり使うことに同意します", "I agree that it is used as said above, so that I can take part";
    consent_wrong: "同意いただけるときは、ここに印をつけてください。", "Please tick this if you agree.";
    to_inviter: "参加したことを、招待した方に知らせてもよい", "I agree that the one who invited me is told that I have joined";
    to_company_hint: "どちらも、あとからアプリで変えられます。", "You can change both in the app later.";
    purposes: "お預かりするものと、その使いみち", "What is kept, and what it is used for";
    purpose_profile: "お名前・所属・年は、このコミュニティに参加している方に見えます。",
        "Your name, department and years are seen by those who take part in this community.";
    purpose_address: "メールアドレスは、サインインとお知らせに使います。参加している方には見えません。",
        "Your e-mail address serves to sign in and to send you notices. Other members do not see it.";
    profile_button: "参加する", "Join";

    other_address: "別のアドレスではじめからやり直す", "Begin again with another address";

    joined_heading: "参加しました", "You have joined";
    joined: "このあとは、アプリに同じメールアドレスを入れるだけで始められます。招待コードはもう要りません。",
        "From here on the app needs only the same e-mail address. You no longer need the invitation's code.";
    joined_server: "アプリでサーバーを聞かれたら、次のとおり入力してください。", "If the app asks for the server, enter this.";
    server: "サーバー", "Server";
    waiting_heading: "確認を待っています", "Waiting to be confirmed";
    waiting_after: "確認が終わると、メールでお知らせします。それまで、することはありません。",
        "You will get a mail once that is done. Until then there is nothing to do.";
    refused_heading: "今回は参加いただけませんでした", "Your request could not be accepted";
    refused: "お心当たりと違うときは、招待した方にお尋ねください。", "If you think this is a mistake, ask whoever invited you.";
    over_heading: "時間がたちました", "This took too long";
    over: "コードの期限が切れたか、試せる回数を超えたか、別のブラウザーで開かれています。招待は使われていません。もう一度はじめからお進みください。",
        "The code is no longer valid, was tried too often, or belongs to another browser. The invitation has not been used. Please begin again.";
}
