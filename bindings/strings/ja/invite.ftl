invite-title = 昔の同僚を招待する
invite-text = あなたが知っている人を、ひとり招待できます。復職の誘いではありません。また話せるようになるだけです。
invite-note = だれへの招待か
invite-note-hint = あなたにだけ見える覚え書きです。
invite-tell-company = だれを紹介したかを会社に伝えてよい
invite-tell-company-text = 相手も同意したときだけ伝わります。
invite-make = 招待を作る
invite-learn = 相手が参加し、知らせてよいとした場合だけ、参加がわかります。招待を開いたかどうかは、だれにもわかりません。
invite-waits = つながると使えるようになります。
invite-words = 
    お元気ですか。「{ $community }」という、昔の仲間とまたつながれる場所があります。読むだけでも大丈夫です。よかったらどうぞ。
    { $link }
invite-share = この文を送る
invite-qr = QRコード
invite-qr-text = 目の前の人には、カメラで写してもらえます。30日使えます。
invite-another = ほかの人も招待する
invite-own = 作った招待
invite-joined = { $names }さんが参加しました
invite-used = 使われました
invite-until = { $when }まで使えます
invite-no-note = 覚え書きなし
invite-revoke = 招待を取り消す
invite-revoke-text = このリンクは使えなくなります。相手には、取り消されたことが表示されます。
invite-over = 期限が切れました
