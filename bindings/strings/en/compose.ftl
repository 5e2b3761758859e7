compose-title = Write
compose-edit = Edit the post
compose-text = What would you like to say?
compose-kept = The text that you have begun is kept on this phone.
compose-send = Post
compose-files = Add pictures or a PDF
compose-too-large = { $count ->
    [one] One file is too large and was left out (limit 20 MB). Your text is kept. Please choose a smaller one.
   *[other] { NUMBER($count) } files are too large and were left out (limit 20 MB). Your text is kept. Please choose smaller ones.
 }
compose-alt = What it shows
compose-file-name = What it is
compose-alt-hint = Also tells those who cannot see.
compose-file-remove = Remove
compose-poll = Ask with choices
compose-poll-not = No choices
compose-choice = Choice { NUMBER($number) }
compose-choice-more = Another choice
compose-question = Post it as a question
compose-question-text = It reaches people who can answer.
compose-mention-hint = Write @ and a name to let somebody know.
compose-left-out = { $count ->
    [one] One file was left out: it cannot be read, or a post has room for no more (8). Your text is kept.
   *[other] { NUMBER($count) } files were left out: they cannot be read, or a post has room for no more (8). Your text is kept.
 }
