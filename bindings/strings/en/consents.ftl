consents-title = Consents
consents-lead = You choose, one by one, what the company may use your information for. Without any of them the app works just the same.
consents-given = You consent
consents-not = You do not consent
consents-outdated = The words have changed since you agreed. Until you agree to these, nothing is done.
consents-give = I consent
consents-withdraw = Take it back
consents-receipts = { $count ->
    [one] Record ({ NUMBER($count) })
   *[other] Records ({ NUMBER($count) })
 }
consents-hide = Hide records
consents-since = Given on { $from }
consents-between = Given on { $from }, taken back on { $to }
consents-older = Version { $version } of the words, which this app does not have.
