leave-title = Leave { $name }
leave-lead = You can leave at any time. Nobody asks why.
leave-others = What others see
leave-profile = Your profile is gone, and your name in the directory and in groups.
leave-posts = Your posts and comments stay under your name. Delete first what you do not want to stay.
leave-messages = Messages that you sent stay with those you wrote to. You are out of the conversations.
leave-you = For you
leave-reading = You can no longer read what is here, on any device.
leave-other = Your other communities and your account stay as they are.
leave-back = Should you wish to come back, a new invitation is enough.
leave-waiting = { $count ->
    [one] { NUMBER($count) } thing was not sent yet. It will not be sent once you leave.
   *[other] { NUMBER($count) } things were not sent yet. They will not be sent once you leave.
 }
leave-quieter = If it is only too many notifications, you can have fewer and stay.
leave-quieter-do = Have fewer notifications
leave-do = Leave { $name }
leave-sure = Leave { $name }?
leave-sure-text = Your profile goes, what you wrote stays. To come back you need a new invitation.
leave-sure-do = Leave
delete-title = Delete my account
delete-lead = You leave every community of this account, and the account is gone.
delete-which = The account
delete-communities = The communities that you leave
delete-next = What happens next
delete-out = All your devices are signed out at once.
delete-addresses = Your addresses are gone from the server. Each gets one last mail that says so.
delete-profile = Your profile is gone, and your name in directories and groups.
delete-for-good = It cannot be undone. To join again you need a new invitation.
delete-written = What you wrote
delete-keep = Your posts and comments stay under your name, and messages stay with those you wrote to.
delete-first = Delete first any posts and comments that you do not want to stay.
delete-do = Delete my account
delete-sure = Delete your account?
delete-sure-text = You are signed out at once, and it cannot be undone. What you wrote stays under your name.
