ways-title = Ways to sign in
ways-one = Your mail is the only way in. Were you to lose it, you could not get in. One of the two below keeps you safe.
ways-two = You have a second way in. You can get in even without your mail.
ways-addresses = E-mail addresses
ways-addresses-text = Any of them lets you in. Neither members nor the company see them.
ways-since = Since { $since }
ways-add = Add an address
ways-remove = Remove
ways-remove-title = Remove { $address }?
ways-remove-text = It no longer lets anybody in. Your other devices and all your addresses are told. Nothing changes for other members.
ways-second = A second way
ways-second-text = It helps when you change your telephone company, or lose this device.
ways-code = Make a recovery code
ways-code-again = Make a new recovery code
ways-code-made = You have one
ways-code-none = 25 characters to keep on paper
ways-devices = { $count ->
    [one] { NUMBER($count) } device is signed in
   *[other] { NUMBER($count) } devices are signed in
 }
address-lead = Enter an e-mail address of your own. A code of six digits is sent there, to see that it arrives.
address-field = E-mail address
address-hint = Your own, not one at your former employer.
address-send = Send me the code
address-confirm = Add it
code-title = Recovery code
code-lead = With this code you get in when you have lost both your mail and your devices.
code-point-once = It is shown once. Neither the app nor the server keeps it.
code-point-paper = Write it on paper and keep it with your important things.
code-point-secret = Whoever has it can get in. Neither the company nor those who run the community ever ask for it.
code-before = Once you make a new one, your earlier code no longer works.
code-make = Make and show the code
code-write = Please copy it onto paper. 0 is always the digit zero, 1 the digit one.
code-shown-once = Once you leave this page it cannot be seen again. If it was miscopied, make a new one.
code-written = I have written it down
