first-title = If you have an invitation
first-another = Join another community
first-text = Enter the code or the link from the letter or mail. You will see where it leads and who invites you before you join.
first-code = Code or link
first-code-hint = Such as ABCD-EFGH-JKMN
first-server = The community's address
first-server-hint = It is on the invitation, such as alumni.example.jp
first-look = Look at the invitation
first-qr = Read a QR code
first-qr-hint = Pointing your phone's camera at the QR code opens this app as well.
first-joined-text = If you have joined already, for example in a browser:
first-joined = Sign in with my e-mail address
preview-title = Invitation
preview-invites = { $name } invites you to { $community }.
preview-strange = The link came by way of { $host }, which this app does not know. If you did not expect this invitation, do not go on. Nothing has been sent.
preview-host = Server: { $host }
preview-by-employee = The inviter works there
preview-by-alumnus = The inviter has left as well
preview-used = This invitation has been used. If it was you, sign in with your e-mail address.
preview-expired = This invitation has expired. Please ask for a new one.
preview-revoked = This invitation was withdrawn. Please ask whoever sent it.
preview-you = What you get
preview-you-text = You find former colleagues again, hear what is going on, and can ask each other for help. Just reading is fine.
preview-they = What they learn
preview-they-text = That you joined, and what you choose to show. You decide for each field who sees it, and can change it at any time.
preview-they-text-circle = Members learn that you joined, and what you choose to show.
preview-never = Promised
preview-never-text = Nobody will press you to return. The company has no screen to read messages with. You can leave at any time, and delete what you wrote.
preview-rules = Rules here
preview-fact-birth = To make sure it is you, the next step asks for your date of birth.
preview-fact-number = To make sure it is you, the next step asks for your employee number.
preview-fact-none = Somebody who runs the community will approve your joining.
preview-join = Join
kind-company = A company's community
kind-university = A university's community
kind-circle = A circle's community
sign-in-title = Your e-mail address
sign-in-text = We send six digits to the address that you use. No password is needed.
sign-in-address = E-mail address
sign-in-address-hint = Your own, not one at the company you left.
sign-in-send = Send me the digits
sign-in-promise = The address is used to sign in and for what you ask to be told. Other members never see it.
sign-in-lost = I can no longer use my address
sign-in-sent = { $minutes ->
    [one] We sent six digits to { $address }. Enter them within a minute.
   *[other] We sent six digits to { $address }. Enter them within { NUMBER($minutes) } minutes.
 }
sign-in-code = The six digits
sign-in-enter = Sign in
sign-in-no-mail = No mail came
sign-in-no-mail-text = Please look into your junk mail. With docomo, au or SoftBank mail, allow mail from { $domain }. It can take a minute.
sign-in-again = Send it again
sign-in-other = Use another address
sign-in-nowhere = You are signed in. You are in no community with this address yet. With an invitation you can join one.
sign-in-invitation = Use an invitation
join-title = Join
join-text = Please enter the name to use here. Former colleagues recognise you by the name you had at work.
join-family = Family name
join-given = Given name
join-birth = Date of birth
join-birth-hint = Such as 1960/4/1. Used to make sure it is you; shown to nobody.
join-number = Employee number
join-number-hint = Used to make sure it is you; shown to nobody.
join-note = A word to them
join-note-hint = Saying when and where you worked helps them decide.
join-more = To be found more easily (can wait)
join-more-text = We can then show you people of the same department and years. It may be left empty.
join-tell-inviter = Tell { $name } that I joined
join-tell-company = Tell the company who brought me
join-tell-company-text = It makes no difference to your joining.
join-join = Join like this
join-waiting = Your request is there. This app tells you once it is approved. What you entered is kept.
welcome-title = Welcome to { $community }
welcome-people = You may know
welcome-both = { $years ->
    [one] Same department, one year together
   *[other] Same department, { NUMBER($years) } years together
 }
welcome-department = Same department
welcome-years = { $years ->
    [one] One year together
   *[other] { NUMBER($years) } years together
 }
welcome-step = One thing to begin with
welcome-runs = Who runs this
welcome-reading = Just reading is a full way to take part.
welcome-on = To the feed
step-answer = { $name } asks: “{ $text }”
step-answer-do = See the question
step-fill = With “{ $field }” filled in, people who know you find you more easily.
step-fill-do = Fill it in
step-show = Nobody sees “{ $field }” now. You can choose who does.
step-show-do = Choose who sees it
step-introduce = How about a word of greeting? “It has been a while” is enough.
step-introduce-do = Write a greeting
step-hello = How about saying hello to { $name }?
step-hello-do = See their profile
