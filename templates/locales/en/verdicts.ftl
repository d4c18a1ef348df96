# Verdicts. Each: a title, .meaning in one line, .action what to do now.
# "Cannot be decided" never reads as "failed": first it says that it does not mean false.

## The file: is this the document that was issued?

file-valid = Genuine and unchanged
    .meaning = Signed by {$signer} on {$time}; nothing has changed since.
    .meaning_stated = Signed by {$signer}, who states to have signed on {$time}, which nothing proves; nothing has changed since.
    .meaning_undated = Signed by {$signer}, nothing proves when; nothing has changed since.
    .action = It can be relied on. If it is a licence, look at its state too, and compare name and number with the person or thing before you.
file-receipt = A genuine verification receipt, of another file
    .meaning = It says of the file with the SHA-256 {$sha256}: {$finding} (as of {$time}). Of the receipt alone nothing follows for any file.
    .action = Compute SHA-256 of the file that you were given and compare it with the one above; or verify that file itself.
file-valid-with-permitted-changes = Genuine, with permitted additions
    .meaning = Signed by {$signer} on {$time}; what was added since was allowed, and the text is unchanged.
    .meaning_stated = Signed by {$signer}, who states to have signed on {$time}, which nothing proves; what was added since was allowed, and the text is unchanged.
    .meaning_undated = Signed by {$signer}, nothing proves when; what was added since was allowed, and the text is unchanged.
    .action = The text can be relied on; the additions are listed below.
file-changed = Changed after it was signed
    .meaning = What you see differs from what was signed. Do not rely on it.
    .action = Look at the version that was signed, or ask the holder for the original file.
file-invalid = The signature does not hold
    .meaning = The signature does not match the content or the issuing body. Do not rely on it.
    .action = Ask the issuing body; if you suspect a forgery, keep the file and report it.
file-indeterminate = Cannot be decided yet
    .meaning = This does not mean that it is false: something needed for a decision is missing.
    .action = See the reason below and what to do about it, or ask the issuing body; do not rely on it until then.
file-unsigned = Not signed
    .meaning = A seal that you see on it is only a picture and proves nothing.
    .action = Ask for the signed original, or look the licence up by its number and verification code.
file-unreadable = This file cannot be read
    .meaning = It may be damaged, protected by a password, or not a PDF.
    .action = Ask for the original file; a screenshot, a scan or a converted file will not do.

## The licence: is it in force now?

licence-current = In force
    .meaning = Valid until {$until}.
    .action = It can be used. Compare name and number with the person or thing before you.
licence-current-open-ended = In force
    .meaning = Valid without an end date.
    .action = It can be used. Compare name and number with the person or thing before you.
licence-ending-soon = In force, ends soon
    .meaning = Valid until {$until}: {$days} day(s) left.
    .action = It can be used now; for anything that takes longer, ask the holder to renew it first.
licence-suspended = Suspended
    .meaning = Suspended since {$since}; it cannot be used until it is resumed.
    .action = Do not accept it; the holder can ask the issuing body to resume it.
licence-revoked = Revoked
    .meaning = Revoked as a penalty; not usable since {$since}.
    .action = Do not accept it.
licence-withdrawn = Withdrawn
    .meaning = The grant was undone; not usable since {$since}.
    .action = Do not accept it.
licence-cancelled = Cancelled
    .meaning = It was formally ended; not usable since {$since}.
    .action = Do not accept it.
licence-superseded = Replaced by a newer licence
    .meaning = A newer version has taken its place.
    .action = Ask the holder for the new one.
licence-expired = Expired
    .meaning = Valid until {$until}: over for {$days} day(s).
    .action = Do not accept it; the holder can ask the issuing body to renew it.
licence-not-yet-valid = Not yet in force
    .meaning = In force from {$from} on.
    .action = Accept it from that day on.
licence-unknown = State not available
    .meaning = The register did not answer. This does not mean that the licence is not in force.
    .action = Check again later, or ask the issuing body by telephone.
licence-elsewhere = In the register of another place
    .meaning = Whether it is in force now only the register of its issuing body knows, which was not asked.
    .action = Where much depends on it, ask the issuing body.
licence-not-found = Number not found
    .meaning = The register has no such number, or the verification code is wrong.
    .action = Compare number and code character by character; if they are right, beware of a forgery.

## Both together: may it be accepted?

both-good-elsewhere = Genuine, issued by a recognised place
    .meaning = Signed by {$signer} on {$time}, unchanged since; who vouches for the signer was recognised here when it was signed.
    .meaning_stated = Signed by {$signer}, who states to have signed on {$time}, which nothing proves; unchanged since. Who vouches for the signer is recognised here.
    .meaning_undated = Signed by {$signer}, nothing proves when; unchanged since. Who vouches for the signer is recognised here.
    .action = Compare name and number with the person or thing before you. Where much depends on it, ask the issuing body whether the licence is still in force.
recognition-listed = Issued by {$issuer}. {$authority} is recognised since {$since} by list no. {$sequence}; its own register was not asked.
recognition-crossed = Issued by {$issuer}, whose authority is cross-certified by others. The path ends in {$authority}, relied on since {$since} by list no. {$sequence}; the issuer's own register was not asked.
recognition-ended = Issued by {$issuer}. {$authority} was recognised from {$since} until {$until}; this file is proved to be older than that end and not touched by it (list no. {$sequence}). Its own register was not asked.
recognition-without-list = Issued by {$issuer}, whose authority is cross-certified by others. The path ends in {$authority}, relied on since {$since}; the issuer's own register was not asked.
path-signer = {$name}
path-authority = {$name}
path-cross-certified = {$name} — cross-certified by the next
path-anchor = {$name} — relied on as {$authority}
path-anchor-not-recognised = {$name} — not recognised at that time ({$authority})
accept-yes = May be accepted
accept-no = Not to be accepted
accept-not-now = Not certain yet
accept-no-proof = Not a proof
accept-receipt = A receipt, not the document

## The QR code: what does the code say?

qr-current = Genuine code, licence in force
    .meaning = Issued by {$issuer}; state as of {$as_of}.
    .action = Compare the name with an identity document: a printed code is only a copy.
qr-expired = Genuine code, licence expired
    .meaning = Valid until {$until}.
    .action = Do not accept it.
qr-revoked = Genuine code, licence ended
    .meaning = Revoked, withdrawn, cancelled or replaced since it was issued.
    .action = Do not accept it; ask online for the reason.
qr-suspended = Genuine code, licence suspended
    .meaning = Not usable until it is resumed; state as of {$as_of}.
    .action = Do not accept it.
qr-bad-signature = Forged or changed code
    .meaning = The signature in the code does not hold. Rely on nothing that it says.
    .action = Keep it and report it to the issuing body.
qr-unknown-issuer = Issuer of the code not known
    .meaning = This does not mean that it is false: the list of issuers here does not have this one.
    .action = Update the list and check again, or ask online.
qr-unsupported-version = A newer program is needed
    .meaning = This does not mean that it is false: the code is newer than this program.
    .action = Update the program and check again, or ask online.
qr-unreadable = Not a whole licence code
    .meaning = It is incomplete, damaged, or another kind of code.
    .action = Scan again with the whole code in view.
qr-another-licence = Genuine code of another licence
    .meaning = The identifier in the code is not the one that you entered.
    .action = Do not accept it: somebody may have put a code of another licence on this one.
qr-not-in-register = Genuine code, licence not in the register
    .meaning = The register has no licence that says what the code says.
    .action = Do not accept it now; ask the issuing body.
qr-key-compromised = Cannot be decided yet
    .meaning = The key that signed it may have been stolen: only registered codes can be relied on.
    .action = Ask online.
qr-keys-too-old = State cannot be decided yet
    .meaning = The list of issuers here is too old.
    .action = Go online, update the list and check again.
qr-status-missing = State cannot be decided yet
    .meaning = Genuine as issued; there is no status list for it here.
    .action = Go online, fetch the status list and check again.
qr-status-too-old = State cannot be decided yet
    .meaning = Genuine as issued; the status list here is of {$as_of} and too old.
    .action = Go online, update the status list and check again.
qr-status-unknown = State cannot be decided yet
    .meaning = Genuine as issued; this program does not know the mark in the status list.
    .action = Ask online.
qr-foreign-host = This code leads to {$host}, not to the official address {$official}. Trust only what the official address shows.

## Why it cannot be decided or does not hold (words of ETSI EN 319 102-1)

sub-format-failure = the form of the signature breaks the rules
sub-hash-failure = the signature does not match the content
sub-sig-crypto-failure = the signature does not match the signer's certificate
sub-sig-constraints-failure = the rules of this service are not met
sub-chain-constraints-failure = the certificate chain does not meet the rules of this service
sub-certificate-chain-general-failure = the certificate chain cannot be verified
sub-crypto-constraints-failure = an algorithm used is no longer trusted
sub-crypto-constraints-failure-no-poe = an algorithm used is no longer trusted, and the time of signing is not proven
sub-expired = the certificate had expired when it was used
sub-not-yet-valid = the certificate was not valid yet when it was used
sub-revoked = the certificate had been revoked when it was used
sub-revoked-no-poe = the certificate is revoked, and nothing proves that it was used before
sub-revoked-ca-no-poe = the issuer's certificate is revoked, and nothing proves that it was used before
sub-out-of-bounds-no-poe = the certificate has expired, and the time of signing is not proven
sub-no-certificate-chain-found = the issuing authority is not known here
sub-no-signing-certificate-found = the signer's certificate is not there
sub-try-later = the state of the certificate is not available at the moment

## What changed after signing

changes-validation-data = Only validation data were added since it was signed
changes-permitted = Only permitted changes were made since it was signed
changes-unknown = Whether anything was changed since it was signed, nobody can say
change-marked = {$permission}: {$change}
permission-validation-data = Validation data
permission-permitted = Permitted
permission-not-permitted = Not permitted
permission-unparsable = Not readable

## Both good

both-good = Genuine and in force
    .meaning = Signed by {$signer} on {$time}; nothing has changed since, and the register has it in force now.
    .meaning_stated = Signed by {$signer}, who states to have signed on {$time}, which nothing proves; nothing has changed since, and the register has it in force now.
    .meaning_undated = Signed by {$signer}, nothing proves when; nothing has changed since, and the register has it in force now.
    .action = It can be used. Compare name and number with the person or thing before you.

## The receipt
receipt-title = Verification receipt
receipt-reason = Receipt made by the verification service
receipt-number = Receipt number
receipt-made = Made at
receipt-made-by = Made by
receipt-file = The file
receipt-file-name = Name, as it was sent
receipt-licence = The licence, by the register
receipt-state-as-of = The answer of the register at {$time}; verify again for what came later.
receipt-open-ended = no end
receipt-signature = Signature {$number}
receipt-document-time-stamp = Document time stamp {$number}
receipt-conclusion = Conclusion
result-unlisted-changes = Further changes that are not listed: {$count} or more.
receipt-more-changes = {$count} more changes are in the attached report.json.
receipt-replay = What the result rests on
receipt-how = How to use this receipt
receipt-how-file = Compute SHA-256 or SM3 of the file in your hands: only a file with the digest above is the one that this receipt is about. Its name proves nothing.
receipt-how-receipt = This receipt is signed and time-stamped by the verification service; verify it at {$address} or with any reader of PDF.
receipt-how-again = The attached report.json is the whole report for machines. Whoever has the file, the report and the material above can judge again as of its time, and comes to the same result.
receipt-what-it-is = A program made this receipt. It says what was found about the file at that moment; it is no licence, stands for no original, and is no decision of any body.
receipt-pictures-what = Each page that looks otherwise, as it was signed and as it is now; orange frames mark what differs. Only what was signed is proved by the signature. The pictures were drawn by the verification service and do not bear on the verdict.
receipt-pictures-none = There is nothing to be compared: nothing that can show was changed since it was signed, or what was signed cannot be told from the file.
receipt-pictures-signed = Page {$page} as signed
receipt-pictures-now = Page {$page} now
receipt-pictures-remark = About the pictures
receipt-cut = The rest is left out here; all of it is in the attached report.json.
