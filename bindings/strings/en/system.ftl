# What the phone itself shows: on the lock screen, in its settings. Names no community and no company.
channel-messages = Messages
channel-to-me = For you
channel-community = For everyone
channel-safety = About your account's safety
notification-new = New notification
notification-by = { $name }: { $text }
notice-title = Something about your account has changed
notice-text = Open the app to see whether you know of it.
