# The verify page, in the order from top to bottom.

page-title = Licence verification
page-brand = Yinxin
page-language = 中文
page-skip = Skip to the result
page-official-address = Official address: {$address}. Compare it with your browser's address bar: only its answers count.

## The ways in: file, number, QR code

page-intro = Find out whether an electronic licence is genuine and in force. No account needed; uploaded files are not kept.
page-tab-file = Check a file
page-tab-identifier = Check a number
page-tab-code = Check a QR code
page-file-label = Choose a PDF file or drop it here
page-file-hint = At most {$limit} MB. Use the original file, not a screenshot or a scan.
page-file-submit = Check
page-file-receipt = Verify and download a receipt (PDF)
page-file-receipt-pictures = Show changed pages on the receipt, before and after
page-file-receipt-hint = The receipt names the file by its digest, with the result and what it rests on, signed and time-stamped by the verification service, to be filed or handed on. Neither file nor receipt is kept here. With pictures, everything on those pages stands on the receipt, personal data too.
page-identifier-label = Licence identifier
page-identifier-hint = Printed on the licence, begins with 1.2.156.3005.2
page-code-label = Verification code
page-code-hint = 8 letters and digits on the licence, in either case
page-identifier-submit = Look up
page-qr-label = Text of the QR code
page-qr-hint = A phone camera opens this page by itself; scanned text can also be pasted here
page-qr-submit = Check

## 1 Headline

result-next = What to do now

## 2 Licence

result-type = Licence type
result-holder = Holder
result-number = Licence number
result-identifier = Licence identifier
result-issuer = Issuing body
result-valid = Validity
result-valid-range = {$from} to {$until}
result-valid-open-ended = From {$from}, without an end date
result-masked = Personal data are masked; the holder can show them in full.
result-register-data = From the register
result-as-signed = The version that was signed: the first {$bytes} bytes of the file
result-as-signed-download = Download the version that was signed
result-as-signed-hint = What the signature is of, as it was before the changes. It is made of the file that you sent, and not kept here.
result-as-signed-large = It is too large for this page: it is the first {$bytes} bytes of your file, which every copy of the file begins with.
result-file-data-hidden = The file did not pass, so its content is not shown.

## 3 Two verdicts

result-file = File
result-state = Licence state
result-code = QR code

## 4 Checked

result-checked-at = Checked at {$time} (Beijing time)
result-document-data = From the licence itself
result-state-source-document = Data and dates are those of the file, which its issuing body signed; the register of that place was not asked.
result-state-source-register = Data and state are those of the register, not of the file.
result-moment = This answer holds for this moment only.

## 5 Look and compare

result-compare = Compare each of these
result-compare-hint = If anything differs from the paper or screen before you, do not rely on it.

## 6 Reason and next step

result-list-link = How it is proposed for the recognition list
result-reason = Reason
result-notes = To be known
result-again = Check another
result-print = Print this page

## 7 Who signed

result-signer = Who signed it
result-signer-name = Signing body
result-signer-claimed = Name that the certificate claims; it is not relied on
result-signer-code = Unified social credit code
result-code-claimed = Unified social credit code that the certificate claims
result-signed-at = Time of signing
result-time-proven = proven by a time stamp
result-time-claimed = claimed by the signer, not proven
result-seal = Electronic seal
result-seal-holder = Owner of the seal
result-seal-picture = Picture of the seal in the register
result-seal-note = The seal as the register has it, to compare with the one on the file. A picture alone proves nothing.

## 8 What changed after signing

result-changes = What changed after signing
result-pictures = Before and after
result-pictures-hint = The same page as it was signed and as it is now; orange frames mark what differs. The pictures are drawn here for you to look at; they do not bear on the verdict and are not kept.
result-pictures-page = Page {$page}
result-pictures-signed = As signed
result-pictures-now = Now
result-pictures-no-signed = There was no such page when it was signed
result-pictures-no-now = There is no such page any more
result-pictures-signed-described = the page as it was signed
result-pictures-now-described = the page as it is now

## 8 Path

result-path = From the signer up to who vouches

## 9 Each check

result-checks = Each check
check-yes = yes
check-no = no
check-skipped = not checked
check-integrity = Does the content match the signature?
check-changes = Is the file free of changes that the signature does not permit?
check-certificate = Is the signer's certificate trusted?
check-revocation = Was the certificate free of revocation when it was used?
check-time = Is the time of signing proven?
check-authority = Is the signer the issuing body?
check-seal = Is the electronic seal valid?
check-state = Is the licence in force now?

## 10 Versions and history

result-newer = Show the newer version

## 11 Check it another way

result-elsewhere = Check it another way
result-elsewhere-hint = Type the official address {$address} by hand, then give it the file again, or identifier and verification code of a licence.
result-elsewhere-foreign = Ask the issuing body, at an address or telephone number that you know to be its own.
result-hash-sha256 = SHA-256 digest
result-hash-sm3 = SM3 digest
result-second-reader = Check by a second reader
result-file-name = File name
result-file-size = Size
result-file-bytes = {$bytes} bytes
result-other-readers = This file is signed with SM2. Adobe and browsers do not support SM2 and will say "cannot verify". That does not mean that the file is wrong: use this page or a reader that supports SM2.
result-other-readers-international = A reader that says "signer unknown" does not have this city's root certificate. That does not mean that the file is wrong.

## 13 Technical details

result-technical = Technical details: digests, signature, time stamp, seal
result-signature = Signature
result-document-time-stamp = Document time stamp
result-technical-indication = Indication (ETSI EN 319 102-1)
result-technical-cryptography = Bytes by themselves (cryptographic verification)
result-technical-certificate = Certificate by itself (X.509 validation)
result-technical-not-reached = not reached
result-level = Signature level
result-algorithm = Signature algorithm
result-subject = Subject of the certificate
result-serial = Serial number of the certificate
result-chain = Certificate chain
result-form = Signature format
result-encoding = Encoding notes (they decide nothing)
result-encoding-note = Note
result-policy = Signature policy
result-commitments = Commitments
result-field = Signature field
result-revision = Revision signed / revisions
result-times = Times
result-time-stamp = Proven by a time stamp
result-time-claimed-at = Claimed by the signer
result-control-time = Signer's path good until (control time)
result-replay = What this result rests on: with the same file and the same material the same result comes out again
result-replay-program = Program
result-replay-time = Judged as of
result-replay-list = Recognition list: number and SHA-256
result-replay-constraints = No longer relied on, and since when
material-certificate = Certificate, SHA-256
material-crl = Revocation list for, SHA-256
material-ocsp-response = Status response for, SHA-256
material-time-stamp = Time stamp, SHA-256
material-seal-status-list = Status list of seals, SHA-256
result-seal-name = Name of the seal
result-seal-id = Number of the seal

## Errors

page-error-heading = The check was not completed
page-back = Back to the start

## Start

page-lead = Somebody showed you an electronic licence? Check it here.
page-file-explain = The original carries an electronic signature that tells whether anything was changed.
page-identifier-explain = With only a print in your hand, enter the two lines on it.
page-holder-label = No verification code? Enter the holder's full name
page-privacy = Files serve this one check, and are not kept.
page-api = Programming interface

## Dates

date-day = {$day} {$month} {$year}
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
page-checking-short = Checking …

## The recognition list

page-trust = Recognised authorities
trust-title = Recognised authorities
trust-intro = Which certification authorities this city recognises, for what, and since when. Two people decide together; the list is signed and every earlier one stays readable.
trust-stale = This list was due to be replaced and was not. Ask its publisher before you rely on it.
trust-earlier-note = This is an earlier list, kept for reference.
trust-newest = See the newest
trust-number = List {$number}
trust-operator = Published by
trust-issued = Published
trust-next = Next due by
trust-download = Download the signed list
trust-download-hint = A JWS that is checked without the network.
trust-own = The city's own authorities
trust-regions = Bodies of
trust-regions-all = Any region
trust-level = Level
trust-history = What was decided
trust-since = Since {$time}
trust-decided = Decided on {$time}
trust-certificates = Certificates
trust-technical = Technical details
trust-signer = Signed with
trust-digest = SHA-256 of the content
trust-technical-hint = The list follows ETSI TS 119 602. Each names the digest of the one before, so that nothing can be changed or left out unnoticed.
trust-earlier = All lists
trust-missing = An authority is not in the list
trust-missing-hand-over = Whoever relies on it hands its root certificate, and those of the issuers in between, to the office that runs this service, and says on what the authority's word rests: its licence, its practice statement, an agreement.
trust-missing-propose = An officer of the authority of this service proposes it:
trust-missing-then = Another officer approves exactly what was proposed; then the next list names it, and documents under it are judged anew. Until then what it certified cannot be decided here.
trust-none = No list was published yet.
recognised-separator = , 
recognised-service-credentials = Codes on licences
recognised-service-enterprise-signing = Enterprise signatures
recognised-service-government-seals = Government seals
recognised-service-time-stamping = Time stamps
recognised-status-granted = Recognised
recognised-status-suspended = Suspended
recognised-status-withdrawn = Withdrawn
recognised-status-later = Not yet
recognised-reason-agreement = by agreement
recognised-reason-ceased = service ended
recognised-reason-cleared = cleared
recognised-reason-compromise = key compromised
recognised-reason-investigation = under investigation
recognised-reason-rules-broken = rules broken
recognised-reason-unspecified = no reason given
