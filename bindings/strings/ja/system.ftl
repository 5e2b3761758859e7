# What the phone itself shows: on the lock screen, in its settings. Names no community and no company.
channel-messages = メッセージ
channel-to-me = 自分あてのお知らせ
channel-community = 全体のお知らせ
channel-safety = 安全に関するお知らせ
notification-new = 新しいお知らせ
notification-by = { $name }：{ $text }
notice-title = アカウントに変更がありました
notice-text = 心あたりがあるか、アプリを開いて確かめてください。
