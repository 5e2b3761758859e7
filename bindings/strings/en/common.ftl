app-name = Enishi
action-back = Back
action-again = Try again
action-not-now = Not now
action-close = Close
action-save = Save
action-send = Send
action-edit = Edit
action-more = More
action-cancel = Cancel
action-copy = Copy
copied = Copied.
list-dot = {" · "}
waiting = Loading.
time-today = Today { $clock }
time-yesterday = Yesterday { $clock }
field-left = { $count ->
    [one] { NUMBER($count) } character left
   *[other] { NUMBER($count) } characters left
 }
field-over = { $count ->
    [one] { NUMBER($count) } over the limit of { NUMBER($limit) }. Your text is kept as it is.
   *[other] { NUMBER($count) } over the limit of { NUMBER($limit) }. Your text is kept as it is.
 }
years-between = { $from }–{ $to }
years-from = since { $from }
years-to = until { $to }
member-employee = works there
role-owner = Runs this community
role-admin = Administrator
role-moderator = Moderator
supporter = Supporter
readers-community = { $count ->
    [one] { NUMBER($count) } person in this community, HR included
   *[other] { NUMBER($count) } people in this community, HR included
 }
readers-group = { $count ->
    [one] { NUMBER($count) } person in this group (no HR now)
   *[other] { NUMBER($count) } people in this group (no HR now)
 }
readers-group-staff = { $count ->
    [one] { NUMBER($count) } person in this group, HR included
   *[other] { NUMBER($count) } people in this group, HR included
 }
readers-group-closed = { $count ->
    [one] { NUMBER($count) } person in this group (closed to HR)
   *[other] { NUMBER($count) } people in this group (closed to HR)
 }
readers-more = { $who }. There may be more.
readers-can = Can read this: { $who }
field-about = About me
field-contact = Contact
field-department = Department
field-employer = Where I work now
field-expertise = What I am good at
field-former-name = Former name
field-joined-year = Year I joined
field-left-year = Year I left
field-location = Where I live
field-title = What I do
audience-everyone = Everyone here
audience-groups = People in my groups
audience-hr = HR only
audience-nobody = Nobody
problem-offline = The server cannot be reached. What you wrote is kept. Please try again where the network is better.
problem-storage-full = This device has no space left. What you wrote is kept. Remove some pictures or apps, then try again.
problem-in-use = The same data is open elsewhere. Close it there, then open the app again.
problem-cancelled = It was stopped. Nothing has changed.
problem-closed = The app was closing. Nothing is lost. Please open it again.
problem-not-a-link = This does not look like an invitation's link or code. Please look at the invitation again and enter it as it is.
problem-not-a-server = No community was found at this address. Please check its spelling.
problem-not-secure = It is not safe to connect there, so nothing was sent. Please ask whoever invited you.
problem-no-viewer = No app on this device can show a PDF. Install one that can, then try again.
problem-no-qr = No QR code was found in the picture. Take it in good light, with the whole code in view.
problem-internal = It did not work. What you wrote is kept. If it happens again after reopening, tell the word below to whoever runs the community.
tab-home = Home
tab-people = People
tab-messages = Messages
tab-notifications = News
tab-me = Me
link-title = This opens outside of the app
link-text = It leads to: { $host }
link-open = Open
locked-text = Please show that it is you before this opens.
locked-open = Open
tab-waiting = { $count ->
    [one] { $called }, { NUMBER($count) } waiting
   *[other] { $called }, { NUMBER($count) } waiting
 }
salvaged-title = Please note
salvaged-damaged = What was kept on this phone was damaged and has been made anew. Posts and the like are fetched from the server again.
salvaged-other-key = Data that was moved from another phone cannot be opened without its key. It is not damaged. Sign in again with your e-mail address, and it is fetched from the server.
salvaged-writes = { $count ->
    [one] One thing that had not been sent was saved. It is sent once you are online.
   *[other] { NUMBER($count) } things that had not been sent were saved. They are sent once you are online.
 }
salvaged-not-whole = Some of what had not been sent may be lost.
salvaged-kept = The old data was kept: { $path }
salvaged-on = Go on
mail-code-sent = { $minutes ->
    [one] We sent six digits to { $address }. Enter them within a minute.
   *[other] We sent six digits to { $address }. Enter them within { NUMBER($minutes) } minutes.
 }
mail-code-field = The six digits
mail-code-none = No mail came
mail-code-none-text = Please look into your junk mail. With docomo, au or SoftBank mail, allow mail from { $domain }. It can take a minute.
mail-code-again = Send it again
mail-code-other = Use another address
