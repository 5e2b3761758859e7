feed-everything = All
feed-offline = You are offline. What you write is sent once you are back.
feed-storage-full = This device has no space left to take in what is new.
feed-clock-wrong = The clock of this phone seems to be wrong. You can go on posting, but the times shown may be off. Please check "Set time automatically" in your phone's settings.
feed-filling = Earlier posts are being fetched. You can read meanwhile.
feed-empty = There are no posts yet. Would you like to write the first?
feed-empty-group = This group has no posts yet.
feed-write = Write
feed-new-posts = { $count ->
    [one] { NUMBER($count) } new post
   *[other] { NUMBER($count) } new posts
 }
feed-search = Search
feed-switch = { $name }. See other communities
feed-attention = { $count ->
    [one] { NUMBER($count) } thing could not be sent.
   *[other] { NUMBER($count) } things could not be sent.
 }
feed-attention-look = Look
feed-older-offline = Earlier posts can be read once you are online.
feed-end = This is the beginning.
feed-unread-group = { $count ->
    [one] { $name }, { NUMBER($count) } unread
   *[other] { $name }, { NUMBER($count) } unread
 }
post-pending = Waiting to be sent
post-refused = Needs your attention
post-edited = Edited
post-read-on = Read on
post-announcement = Announcement
post-question = Question
post-pinned = Pinned
post-hidden = Hidden by a rule ({ $rule }). By { $by }, { $when }.
post-comments = { $count ->
    [one] { NUMBER($count) } comment
   *[other] { NUMBER($count) } comments
 }
post-comment = Comment
post-react = React
post-reaction = { $count ->
    [one] { $reaction }, { NUMBER($count) } person
   *[other] { $reaction }, { NUMBER($count) } people
 }
post-reacted = { $count ->
    [one] { $reaction }, { NUMBER($count) } person, you included
   *[other] { $reaction }, { NUMBER($count) } people, you included
 }
post-bookmark = Bookmark
post-unbookmark = Remove bookmark
post-nobody = Somebody whose name is not shown
post-image = Picture
post-image-of = Picture: { $alt }
post-file = { $pages ->
    [one] Document ({ NUMBER($pages) } page)
   *[other] Document ({ NUMBER($pages) } pages)
 }
post-file-plain = Document
post-image-wait = The picture is shown once you are online.
poll-voters = { $count ->
    [one] { NUMBER($count) } person has voted
   *[other] { NUMBER($count) } people have voted
 }
poll-few = Results are shown once five have voted.
poll-closes = Until { $when }
poll-closed = Closed.
poll-several = Choose as many as you like.
feed-sign-in = Sign in again
post-image-open = See it large
post-file-open = Open in another app
post-file-stop = Stop loading
post-file-wait = Loading. Press again to stop.
feed-large = Large files are sent once you are on Wi-Fi.
feed-large-now = Send now
bookmarks-title = Bookmarks
bookmarks-none = Nothing yet. Posts that you bookmark are kept here.
