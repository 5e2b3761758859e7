invite-title = Invite a former colleague
invite-text = You can invite somebody you know. It is no request to come back, only a way to talk again.
invite-note = For whom
invite-note-hint = A note that only you see.
invite-tell-company = The company may be told whom I brought
invite-tell-company-text = It is told only if they agree as well.
invite-make = Make the invitation
invite-learn = You learn that they joined only if they agree. Nobody learns whether they opened it.
invite-waits = It works once this phone has been online.
invite-words = 
    How are you? There is a place called { $community } where people from back then keep in touch. Just reading is fine. Here is an invitation if you like.
    { $link }
invite-share = Send these words
invite-qr = QR code
invite-qr-text = Somebody beside you can point their camera at it. Good for 30 days.
invite-another = Invite somebody else
invite-own = Your invitations
invite-joined = { $names } joined
invite-used = It was used
invite-until = Good until { $when }
invite-no-note = No note
invite-revoke = Withdraw it
invite-revoke-text = The link stops working. Whoever opens it sees that it was withdrawn.
invite-over = It has expired
