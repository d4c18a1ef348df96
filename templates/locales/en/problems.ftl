# What is wrong, which rule it breaks, how to put it right. The key is problem-CODE.

problem-without-text = The request was refused (code {$code})

## General

problem-internal = The service failed inside and changed nothing; try again later, then tell the administrator
problem-unavailable = The service is not available for the moment and changed nothing; try again later
problem-not-authenticated = A valid access token is needed
problem-denied-scope = This token does not have the right "{$scope}"
problem-denied-authority = This token may not act for the authority {$authority}
problem-denied-operator-only = Only operators of the service may do this
problem-denied-two-officers = Officers are enrolled: this needs a proposal by one of them and the approval of another
problem-not-found = There is no {$key}
problem-already-exists = {$key} exists already
problem-state-changed = {$key} was just changed by somebody else: expected "{$expected}", found "{$found}"; reload and try again
problem-other-content = {$key} was begun with another content; use another key
problem-idempotency-key-taken-over = The earlier request with the idempotency key {$key} was taken over elsewhere; try again with the same key
problem-too-large = {$bytes} bytes are more than the limit of {$limit} bytes
problem-token-without-scope = A token needs at least one right
problem-random-failed = The operating system's random source failed; nothing was changed
problem-config-file = Configuration file {$file} cannot be read: {$reason}
problem-config-syntax = Configuration file {$file} is wrong: {$reason}
problem-config-public-url = The public address "{$value}" is not an https address

problem-public-address-unusable = The public address cannot be used in QR codes: {$reason}
problem-font-unusable = A font file cannot be used: {$reason}
problem-licence-type-unusable = A licence type is wrong: {$reason}

## Applications

problem-type-unknown = There is no licence type "{$value}"
problem-type-other = The application is for "{$value}"; this is about "{$expected}"
problem-field-unknown = This licence type has no such field
problem-field-required = This field is required
problem-text-too-long = {$count} characters are more than the {$limit} allowed
problem-text-forbidden-character = Holds the character {$character}, which is not allowed
problem-pattern-mismatch = "{$value}" does not have the required form
problem-value-not-listed = "{$value}" is not one of: {$allowed}
problem-date-form = "{$value}" is not a date; write it as 2026-03-05
problem-date-impossible = There is no day "{$value}"
problem-integer-form = "{$value}" is not a whole number
problem-decimal-form = "{$value}" is not a number of at most {$limit} decimals
problem-money-form = "{$value}" is not an amount in yuan with at most two decimals
problem-phone-form = "{$value}" is not a telephone number
problem-region-form = "{$value}" is not a region code
problem-document-number-form = "{$value}" is not the number of an identity document
problem-holder-category-not-allowed = This licence is not issued to "{$value}", only to: {$allowed}
problem-holder-category-contradicts-code = The holder's category does not fit the code, which says "{$expected}"
problem-holder-code-type-not-allowed = This licence does not take the code type "{$value}", only: {$allowed}
problem-number-check-character = The check character of the number "{$value}" must be {$expected}
problem-number-not-holder-code = The number "{$value}" is not the holder's code
problem-number-region = {$digits} in the number is not a region code
problem-number-date = {$digits} in the number is not a date
problem-number-contradicts-field = The number contradicts another field, which asks for "{$expected}"
problem-field-contradicts-holder-code = Contradicts the holder's code, which says "{$expected}"
problem-dates-reversed = The end "{$value}" is before the beginning {$expected}
problem-expired-before-issue = The end "{$value}" is before the day of issue {$expected}
problem-issued-in-future = The day of issue "{$value}" is after today, {$expected}
problem-end-not-allowed = This licence type has no end date, but "{$value}" was given
problem-end-not-by-rule = By the rule the end is {$expected}, not "{$value}"
problem-end-too-late = The end "{$value}" is after the latest day allowed, {$expected}
problem-serial-form = The serial "{$value}" may hold only digits and capital letters
problem-photo-as-text = A photo cannot be given as text
problem-photo-encoding = The photo is not Base64
problem-photo-format = The photo is not a JPEG picture
problem-photo-too-large = The photo has {$count} bytes; at most {$limit} are allowed
problem-photo-missing = This licence type needs a photo
problem-photo-unusable = The photo cannot be used: {$detail}
problem-photo-file-missing = There is no photo file "{$value}"

## Bulk import

problem-import-empty = The file has no rows to import
problem-import-too-long = The file has {$count} rows; at most {$limit} are imported at once
problem-import-encoding = The file is neither UTF-8 nor GB 18030
problem-import-unreadable = This row cannot be read: {$reason}
problem-import-columns = The header has no column {$missing}
problem-import-row-length = This row has {$count} columns, the header {$expected}
problem-authority-malformed = The code of the issuing authority is wrong: {$reason}

## Codes and identifiers

problem-credit-code-length = The unified social credit code "{$value}" has {$count} characters, not 18
problem-credit-code-character = The unified social credit code "{$value}" holds the character "{$character}", which is not allowed
problem-credit-code-check-character = The check character of the unified social credit code "{$value}" must be {$expected}
problem-organisation-code-check-character = The check character of the organisation code in "{$value}" must be {$expected}
problem-resident-id-form = "{$value}" is not a resident identity number of 18 characters
problem-resident-id-region = {$province}, with which the identity number "{$value}" begins, is not the code of a province
problem-resident-id-birth-date = {$date} in the identity number "{$value}" is not a date of birth
problem-resident-id-check-character = The check character of the identity number "{$value}" must be {$expected}
problem-identifier-root = The identifier "{$value}" must begin with 1.2.156.3005.2
problem-identifier-parts = The identifier "{$value}" has {$count} parts after its root, not 5
problem-identifier-type-code = The type code "{$value}" in the identifier is wrong
problem-identifier-issuer = The issuer "{$value}" in the identifier is neither a credit code nor a region code
problem-identifier-serial = The serial "{$value}" in the identifier must be 1 to 40 digits and capital letters
problem-identifier-version = The version "{$value}" in the identifier must be three digits from 001
problem-identifier-check-character = The check character "{$value}" of the identifier must be {$expected}
problem-identifier-versions-exhausted = No version follows version 999
problem-identifier-already-issued = The identifier {$value} has been issued already
problem-number-already-used = The number "{$value}" is already used by the licence with the serial {$serial}

problem-verification-code-malformed = A verification code has 8 letters and digits, none of 0, O, 1, I, L

## States

problem-transition-not-from-state = In the state "{$state}" a licence does not take the step "{$transition}"
problem-transition-not-entitled = The {$role} may not take the step "{$transition}"
problem-reason-empty = A reason is needed, and none is given
problem-reason-required = The step "{$transition}" needs a reason
problem-reason-too-long = The reason has {$count} characters; at most {$limit} are allowed
problem-authority-level = An authority of the level "{$level}" may not issue "{$type}"
problem-authority-not-entitled = {$authority} may not issue {$type}
problem-authority-without-seal = The authority {$authority} has no seal that can be used

## Records

problem-record-too-large = The licence data have {$count} bytes; at most {$limit} are allowed
problem-record-not-canonical = The licence data are not canonical JSON: {$reason}
problem-record-member = One member of the licence data is wrong: {$reason}
problem-record-contradiction = The licence data contradict themselves: "{$value}" where "{$expected}" is expected

## Faces

problem-character-without-font = No font can show "{$character}"
problem-text-too-long-for-face = {$characters} characters do not fit the box of {$width_mm} mm and {$lines} line(s)
problem-value-without-box = The face has no place for this field
problem-metadata-undeclared = The template does not declare the metadata item {$name}
problem-qr-code = No QR code can be made of it: {$detail}
problem-template = The template of the face is wrong: {$detail}
problem-template-art = The art of the face is wrong: {$detail}

## Text of a QR code

problem-code-too-long = More than {$limit} digits: this is not a licence code
problem-code-cut-short = The text of the code is incomplete; scan the whole code again
problem-code-not-ours = This is not a licence code
problem-code-damaged = The text of the code has an error; scan it again
problem-code-malformed = The content of the code does not follow the rules
problem-code-not-canonical = The content of the code is not in its one allowed form
problem-code-version-unsupported = Version {$value} of the code is newer than this program; update it
problem-code-algorithm-unsupported = The signature algorithm {$value} of the code is not supported here
problem-code-issuer-unknown = The key {$key} that signed the code is not known here; update the list of issuers
problem-code-signature-invalid = The signature of the code does not hold; do not trust its content
problem-code-key-period = The code says it was made at a time when its key was not in use
problem-code-host = "{$value}" cannot be the host of a code
problem-code-too-large = The code needs {$bits} bits, more than version 13 holds
problem-code-signing-failed = The code could not be signed

## PDF

problem-pdf-source-failed = The file could not be read; upload it again
problem-pdf-not-a-pdf = This is not a PDF file
problem-pdf-encrypted = The PDF is protected by a password and cannot be checked; give the original without one
problem-pdf-too-complex = The PDF is too complex: more than {$limit} {$unit}
problem-pdf-damaged = The PDF is damaged: {$detail}

## Seals and signatures

problem-seal-malformed = The seal does not follow GB/T 38540: {$structure}
problem-seal-version = Seal version {$version} is not supported
problem-seal-text = "{$value}" in the seal does not meet its rule: {$rule}
problem-seal-dates = The seal ends at {$valid_until}, not after its beginning at {$valid_from}
problem-seal-without-signers = The seal lists nobody who may seal with it
problem-seal-too-large = The {$what} of the seal is {$found}, more than the limit of {$limit}
problem-seal-key = A seal needs an SM2 key, not {$algorithm}
problem-seal-certificate-of-other-key = The certificate does not belong to the sealing key
problem-seal-algorithm = The signature algorithm {$algorithm} of the seal is not supported
problem-seal-not-yet-valid = The seal can be used from {$valid_from} on
problem-seal-expired = The seal ended at {$valid_until}
problem-seal-signer-not-listed = The sealer is not one of those that the seal lists
problem-seal-not-usable = The seal cannot be used
problem-seal-revoked = The seal {$seal} was revoked at {$since}
problem-seal-suspended = The seal {$seal} is suspended since {$since}
problem-seal-of-another-organisation = The seal belongs to {$owner}, the signer is {$signer}, the sealer is {$sealer}; they have to be one
problem-seal-design = The seal design {$name} is wrong: {$problem}
problem-seal-size = There is no seal design of {$value} mm
problem-seal-text-without-place = This seal design has no place for "{$what}"
problem-seal-text-too-long = "{$place}" on the seal has {$count} characters, more than fit
problem-seal-code = The seal code "{$value}" must be 13 digits
problem-signer-certificate-not-valid = The certificate of {$subject} is valid from {$not_before} to {$not_after}; it cannot sign at {$at}
problem-signer-key-usage = The certificate of {$subject} may not be used for signing
problem-signer-revoked = The signing certificate of {$subject} is revoked
problem-signing-failed = It could not be signed; nothing was changed
problem-time-stamp-failed = No time stamp could be had; nothing was changed
problem-time-stamp-unusable = The time stamp cannot be used: {$reason}
problem-time-stamp-not-trusted = The authority of the time stamp is not trusted, so that the time of signing is not proven
problem-document-unreadable = The document cannot be read
problem-document-structure = The document to be signed has no {$part}
problem-document-not-extendable = No signature can be added to the document
problem-document-not-from-start = The document begins only at byte {$offset} of the file, after other data; seal the original, or save it as a new PDF first
problem-document-tail = Data that is no part of the document follows its end; save it as a new PDF and seal that
problem-document-javascript = The document has a script in it, so that what it shows may change; print it to a new PDF and seal that
problem-document-hidden-layers = The document has layers that are hidden or shown at some times alone; print it to a new PDF and seal that
problem-document-otherwise-on-paper = Object {$object} of the document is seen on a screen alone, or on paper alone: what is sealed has to look the same on both
problem-document-changes-in-use = Object {$object} of the document changes what is shown when it is opened or used
problem-document-rests-outside = Object {$object} of the document draws what stands in another file, or starts what lies outside of it
problem-document-undrawn-values = The form leaves it to each reader to draw its values (NeedAppearances), so that they may look otherwise elsewhere; print it to a PDF and seal that
problem-document-second-catalogue = A second document is hidden in the file; print it to a new PDF and seal that
problem-document-second-page-tree = A second set of pages is hidden in the file; print it to a new PDF and seal that
problem-document-beyond-size = The document states fewer objects than it has, so that programs may show it differently; save it as a new PDF and seal that
problem-document-read-otherwise = Another reader cannot open the document or sees something else ({$reason}), so that it is not sealed; save it as a new PDF and seal that
problem-document-xfa = The document is an XFA form, which is drawn by a program; print it to a new PDF and seal that
problem-document-certified-no-changes = The document is certified, and its certification permits no change, so that nothing more can be signed
problem-document-certified-fields-only = The document is certified: only its own signature fields can be signed, none can be added
problem-batch-too-large = {$count} documents are too many for one batch; the limit is {$limit}
problem-document-not-alone = One document is sealed at a time here, and {$count} came; bring several as a batch
problem-certification-not-first = The document is signed already, and a certification has to be the first signature
problem-file-failed = File {$file}: {$reason}
problem-validation-data-missing = The issuer of {$subject}, or its current revocation list, is not to be had, so that level B-LT is not reached; keep them with yinxin trust import, or choose B-T
problem-extension-level = Signatures that are there cannot be raised to {$value}; choose b-t, b-lt or b-lta
problem-extension-needless = Every signature has a time stamp already
problem-signature-unreadable = A signature of the document cannot be read: {$reason}
problem-time-stamp-source = The outside time-stamping authority {$address} gave no usable time stamp: {$reason}
problem-time-stamp-source-unreadable = The answer of the outside time-stamping authority {$address} cannot be read
problem-time-stamp-source-refused = The outside time-stamping authority {$address} refuses to stamp: {$reason}
problem-time-stamp-source-other-digest = The outside time-stamping authority {$address} stamped something else than it was asked to; nothing was sealed with it
problem-time-stamp-source-other-nonce = The outside time-stamping authority {$address} answered another request than ours; its stamp may be an old one and was not taken
problem-time-stamp-source-unverified = The time stamp of the outside authority {$address} is not signed by the certificate in it and was not taken: {$reason}
problem-seal-places-after-signature = The document is signed already: a further seal may show at one place, not at {$count}, since marks on other pages would break the earlier signature
problem-signature-field-locked = The signature field {$name} is locked by the signature in {$by}
problem-signature-field-unknown = The document has no signature field {$name}
problem-signature-field-filled = The signature field {$name} is signed already
problem-signature-field-placed = The signature field {$name} has its own place, and no other can be asked for
problem-signature-field-too-large = The empty signature field "{$name}" on page {$page} is {$width} mm by {$height} mm, larger than a seal: whoever signs in it later could cover what is sealed now; sign in it, or make it smaller
problem-signature-field-too-small = The signature field {$name} is {$width} × {$height} mm, too small for the seal at its true size
problem-signature-field-seed = The signature field {$name} asks for a kind of signature that is not made here: /{$entry}
problem-page-missing = There is no page {$page}; the document has {$pages}
problem-seal-places-too-many = The seal would stand at more than {$limit} places; give a longer keyword, or fewer pages
problem-seal-every-zero = After 0 pages no seal begins; give 1 or more, or leave it out
problem-keyword-not-found = "{$text}" is {$found} times on these pages, so that the place of the seal is not found; scans have no text, give coordinates
problem-seal-outside-page = The seal would not lie wholly on page {$page}, which shows {$width} × {$height} mm

problem-seal-picture = The picture of the seal cannot be made: {$reason}
problem-seal-unreadable = The electronic seal cannot be read
problem-seal-not-valid = The signature of the electronic seal does not hold
problem-seal-certificate-not-trusted = The certificate of the electronic seal is not trusted
problem-seal-not-in-use = The seal {$seal} was {$state} when it was used

## Verification

problem-too-many-signatures = The file has {$count} signatures, more than the {$limit} that are checked: none was
problem-validation-checks-beyond-limit = To find the issuers and revocation lists of its certificates the document would take more than the {$limit} checks of signatures that are spent on one
problem-validation-addresses-beyond-limit = The certificates of the document name more than the {$limit} addresses that are asked for one
problem-evidence-beyond-limit = The file carries more certificates and revocation data than are read of one file: those beyond the limit were left out
problem-document-unsigned = The file is not signed; a seal on it is only a picture
problem-document-time-stamped-only = The file has a time stamp but no signature: nothing shows who issued it
problem-document-tail-unreadable = From byte {$from} on the file holds something that cannot be read; a signature may be in it, so the file is not called unsigned
problem-readers-disagree-file = A second reader cannot open the file ({$reason}): not every program shows the document that was signed
problem-readers-disagree-pages = Two readers see different pages: one {$ours}, the other {$theirs}
problem-readers-disagree-page = Two readers see different content on page {$page}
problem-readers-disagree-signature = Two readers see different signatures in object {$object}
problem-readers-disagree-hidden-file = The file hides objects from older readers, which cannot show it
problem-readers-disagree-hidden-pages = The file hides objects from older readers: they see {$theirs} pages, others {$ours}
problem-readers-disagree-hidden-page = The file hides objects from older readers: they see other content on page {$page}
problem-readers-disagree-hidden-signature = The file hides objects from older readers: they see another signature in object {$object}, or none
problem-digests-beyond-limit = The signatures of the file cover more bytes together than are digested for one file (its length and {$limit} more): this one was not checked
problem-document-digest-differs = The content was changed after it was signed
problem-signature-range = The signature does not cover the file as it must
problem-signature-dictionary-replaced = The description of the signature was replaced after signing
problem-signature-form-unsupported = This form of signature ({$form}) is not supported yet
problem-signature-contents = The signature data cannot be read
problem-signature-message = The structure of the signature data breaks the rules
problem-signature-fault = The attributes of the signature break the rules
problem-signature-mismatch = The signature does not match the signer's certificate
problem-signer-certificate-unreadable = The signer's certificate cannot be read
problem-algorithm-unsupported = The signature algorithm is not supported yet
problem-algorithm-not-trusted = The signature rests on {$algorithm}, which is not trusted since {$ended}, and nothing proves that it is older
problem-algorithms-disagree = The signature algorithm ({$algorithm}) does not go with the digest algorithm of the content
problem-note-announced-digests = The digest algorithms listed at the head of the signature data are not those used
problem-note-archive-attribute = The signature has the attribute {$attribute} for archives, whose place in a PDF is the security store; it is not used
problem-note-attached-content = The signature data carry the content, or its digest
problem-note-attribute-order = The signed attributes are not in the prescribed order
problem-note-ber = The signature data are written in BER, not in DER
problem-note-certificate-elsewhere = The signer's certificate is not in the signature data; it was taken from the security store of the file
problem-note-certificate-id-v1 = The signature names its certificate by SHA-1 (the old form)
problem-note-identifier = Issuer and serial number (or the key identifier) in the signature data are not those of the signer's certificate
problem-note-keyed-digest-name = SM3 is named as SM3 with a key (HMAC)
problem-note-mixed-content-types = Content types of PKCS#7 and GB/T 35275 are mixed
problem-note-no-certificate-id = The signature does not name its certificate; it was looked up by issuer and serial number
problem-note-no-signed-attributes = The signature has no signed attributes: it is over the content itself
problem-note-raw-signature = The SM2 signature is written as r‖s, not in DER
problem-note-seal-octet-string = {$name} of the seal is an octet string where a bit string is due
problem-note-seal-property = The seal states what it protects in a way of its own ({$property})
problem-note-seal-raw-signature = The signature of {$name} is written as r‖s, not in DER
problem-note-seal-versions = The signature is of version {$signature}, its seal of version {$seal}
problem-note-signing-time = The time of signing stands in the signature data too
problem-note-unsigned-attribute = The signature has the attribute {$attribute}, which nothing covers
problem-note-version = The version of the signature data does not go with their contents
problem-signer-unknown = It is not known who signed it
problem-signer-is-not-issuer = The signer {$signer} is not the issuing authority {$issuer}
problem-seal-owner-is-not-issuer = The seal belongs to {$owner}, but the issuing authority is {$issuer}
problem-signer-has-another-name = The certificate of the signer is that of {$signer}, but the licence names {$issuer} as its issuer
problem-own-body-certified-elsewhere = {$issuer} is a body of this place, and what it seals or signs stands under the authorities of this place; the certificate behind this file comes from {$authority}
problem-issuer-not-entitled = {$issuer} may not issue licences of the type {$type}
problem-licence-without-seal = The licence has no electronic seal of its issuing authority
problem-licence-data-disagree = Face, data and QR code contradict one another
problem-licence-not-as-issued = The file is not in the form in which this service issues; ask for the original
problem-licence-record-unreadable = The licence data in the file cannot be read
problem-not-in-register = The register has no {$identifier} with these data
problem-register-disagrees = The data in the file differ from those of {$identifier} in the register
problem-code-of-another-licence = The code belongs to another licence: expected {$expected}, found {$found}

## Keys

problem-key-not-found = There is no key named {$name}
problem-key-exists = A key named {$name} exists already
problem-key-name = "{$name}" cannot be the name of a key
problem-key-wrong-passphrase = The passphrase of the key {$name} is wrong
problem-key-damaged = The file of the key {$name} is damaged
problem-key-loose-mode = The key file {$file} has the mode {$mode}; only its owner may read it
problem-key-no-passphrase = No passphrase for the keys was given; set {$variable}
problem-key-file = The key file {$file} cannot be read or written: {$reason}
problem-key-foreign = The key file {$file} cannot be imported: {$reason}
problem-key-other = The key that is kept under the name {$name} is another one than was agreed on
problem-key-unusable = The key {$name} cannot be used: {$reason}
problem-token-absent = The token with the key is not there: {$reason}
problem-token-not-configured = The key is on a token, and no token is configured
problem-token-unusable = The key on the token cannot be used: {$reason}

## Issuing and revoking certificates

problem-certificate-alternative-name = The profile "{$profile}" allows no alternative name such as "{$value}"
problem-certificate-subject-part = The profile "{$profile}" asks for this part of the subject
problem-profile-delivered = The profile {$name} has the name of one that is delivered
problem-profile-of-authorities = The profile {$name} makes authorities, which are founded or recognised by two people, not issued on request
problem-certificate-subject-unwritable = The subject's name cannot be written into a certificate: {$reason}
problem-certificate-outside-issuer-validity = The certificate begins at {$not_before}, its issuer's ends at {$issuer_not_after}
problem-certificate-key-refused = This public key is not accepted: {$reason}
problem-certificate-rule = The certificate breaks {$clause}: {$rule}
problem-certificate-of-authority = The certificate {$serial} is that of an authority, which two officers revoke (act revoke-ca)
problem-certificate-of-no-authority = The certificate {$serial} is that of no authority (act revoke-certificate)
problem-organisation-without-code = The name of an organisation and its credit code stand together or not at all
problem-name-constraint-syntax = "{$value}" is no name that certificates can be bound to: {$cause}
problem-certified-name-excluded = {$value} lies in a subtree of names that {$authority} may not certify (RFC 5280 section 4.2.1.10, excludedSubtrees)
problem-certified-name-not-permitted = {$value} lies in none of the subtrees of names that {$authority} may certify (RFC 5280 section 4.2.1.10, permittedSubtrees)
problem-certified-name-incomparable = {$value} cannot be compared with the names that {$authority} may certify (RFC 5280 section 4.2.1.10)
problem-ca-depth-used-up = No authority may follow here: the path length of {$authority} is {$limit} and used up (RFC 5280 section 4.2.1.9)
problem-ca-path-length = A path length of {$value} is more than the {$limit} that {$authority} leaves (RFC 5280 section 4.2.1.9)
problem-ca-policy-syntax = "{$value}" is no object identifier of a policy
problem-ca-policy-wider = Policy {$value} is none for which {$authority} certifies; an authority below it cannot have it (RFC 5280 section 4.2.1.4)
problem-ca-names-wider = {$value} is more than {$authority} may certify itself; an authority below it cannot permit it (RFC 5280 section 4.2.1.10)
problem-ca-terms-of-root = Path length, policies and names are given to an authority by the one above it; a root has none
problem-certificate-not-issued = The certificate was not issued: {$reason}
problem-request-unreadable = The certificate request cannot be read: {$reason}
problem-request-possession = The request does not prove that its key is held: {$reason}
problem-request-key-weak = The key of the request is weak: {$reason}
problem-request-key-encoding = The key of the request is not in the encoding in which keys are certified: write the request again with the usual algorithm identifier and an uncompressed point
problem-request-authority-name = The name "{$name}" belongs to an authority
problem-request-extension = The profile "{$profile}" does not allow what the request asks for: {$extension}
problem-request-key-reused = This key is certified for another subject already
problem-request-other-subject = The request is not for the subject of the certificate, {$subject}
problem-request-same-key = The request has the old key; renew the certificate instead
problem-certificate-not-renewed-revoked = Certificate {$serial} is revoked or on hold, and is not renewed
problem-certificate-not-renewed-authority = Certificate {$serial} is an authority's, which takes two people
problem-subject-unusable = The subject of the certificate cannot be used: {$reason}
problem-ca-suite-differs = The parent {$parent} is not of the suite {$value}
problem-revocation-reason = A certificate of this kind is not revoked for "{$value}"
problem-revocation-invalidity-date = The invalidity date {$value} is after the revocation at {$revoked_at}

## Cross-certificates

problem-cross-unreadable = This is neither a certificate nor a certification request: {$reason}
problem-cross-not-valid-now = The certificate of {$subject} is valid from {$not_before} to {$not_after}, not now
problem-cross-weak-key = The key of {$subject} is not accepted: {$reason}
problem-cross-possession = The partner does not show that it holds its key: {$reason}
problem-cross-no-name = The authority of the partner has no name
problem-cross-own-key = The key is one of our own, that of {$subject}
problem-cross-own-name = The name {$name} lies in our own name space {$own}; no partner is certified for it
problem-cross-own-body = The name {$name} can be taken for that of a body of ours; no partner is certified under it
problem-cross-overlap = The name {$name} overlaps {$other} of the partner "{$partner}"
problem-cross-policy = "{$value}" is no object identifier of a policy
problem-cross-no-policy = At least one policy must be named: without one nothing is recognised
problem-cross-any-policy = The policy that stands for all is neither recognised nor mapped
problem-cross-mapping-of-other = The policy {$value} is mapped and is not among the policies of the terms
problem-cross-too-many = One list of the terms has {$count} items; at most {$limit} are allowed
problem-cross-validity = A cross-certificate is valid for 1 to {$limit} days, not {$value}
problem-cross-path-length = {$value} authorities may not follow: at most {$limit} are possible here
problem-cross-not-for-us = The certificate is not for {$subject} with its key
problem-cross-not-by-partner = The certificate was not issued by {$partner}: {$reason}
problem-cross-partner-name = "{$value}" is no short name of a partner: 1 to {$limit} characters without blanks at the ends
problem-cross-recognised = The authority of cross-certificate {$value} stands in the recognition list as "{$entity}": withdraw or suspend it there (yinxin trust withdraw, yinxin trust suspend), which does the same to this certificate; "superseded" alone revokes only the certificate
problem-cross-not-granted = The authority stands in the recognition list as "{$entity}", {$status}: it is certified only once it is recognised again
problem-cross-not-revoked-here = {$value} is a cross-certificate: revoking it needs two people (yinxin ca cross revoke)

## Certificate paths

problem-no-path = The certificate of {$subject} was issued by {$issuer}, which leads to no recognised authority
    .action = Hand over the certificates of the issuers in between, or trust the authority that issued it.
problem-certificate-signature-mismatch = The certificate of {$subject} was not signed by {$issuer}
    .action = Get the certificate again from its holder, and the issuer's from the issuer: one of them is false or of another key.
problem-certificate-algorithm-unsupported = The algorithm of the certificate of {$subject} is not supported: {$cause}
    .action = Ask for a certificate with ECDSA on P-256 or P-384, RSA, Ed25519 or SM2.
problem-validation-budget-exhausted = Too many certificates: validation stopped after {$limit} {$what}
    .action = Hand over only the certificates that belong to its path.
problem-not-an-authority = {$subject} is not a certification authority
    .action = Do not rely on it: whoever issued it had no right to.
problem-may-not-sign-certificates = The key of {$subject} may not sign certificates
    .action = Do not rely on it: the issuer's key is for something else.
problem-path-too-long = More authorities follow {$subject} than the {$limit} it allows
    .action = Ask the authority above whether the one below it was to have authorities of its own.
problem-critical-extension = The certificate of {$subject} has the unknown critical extension {$extension}
    .action = Do not rely on it here; a newer program may know the extension.
problem-weak-algorithm = The certificate of {$subject} rests on {$algorithm}, which is not trusted since {$ended}
    .action = Ask for a certificate with an algorithm in use today.
problem-authority-not-recognised = {$anchor} was not recognised for "{$service}" at {$at}
    .ended = {$anchor} is not recognised for "{$service}" since {$ended}, and the signature is later ({$at})
    .ended_unproven = {$anchor} is not recognised for "{$service}" since {$ended_unproven}, and nothing proves that the signature is older
    .action = Look into the recognition list; what was signed before a withdrawal needs a time stamp that proves it.
problem-time-stamping-withdrawn = The time stamp is by {$anchor}, which is withdrawn ({$status_reason}, since {$since}) and may have set its clock back; nothing else proves that the stamp is older
    .action = Do not rely on its time; a time stamp by an authority that is still recognised, made before then, would prove it.
problem-time-stamping-suspended = The time stamp is by {$anchor}, which is suspended ({$status_reason}, since {$since}) and may have set its clock back; nothing else proves that the stamp is older
    .action = Ask again when the recognition list says what came of it; a time stamp by another authority, made before then, would prove it.
problem-wrong-key-usage = The certificate of {$subject} may not be used for "{$usage}"
    .action = Use a certificate that is meant for this.
problem-wrong-purpose = The certificate of {$subject} is not meant for "{$purpose}"
    .action = Use a certificate that is meant for this.
problem-certificate-not-yet-valid = The certificate of {$subject} is valid from {$not_before} on, so not yet at {$at}
    .action = Wait until it begins, and see that the clock is right.
problem-certificate-expired = The certificate of {$subject} ended at {$not_after}, before {$at}
    .action = Ask for a renewed certificate; what was signed before needs a time stamp that proves it.
problem-no-revocation-data = The state of the certificate of {$subject} is not available: {$why}
    .action = Fetch the revocation list of its issuer and ask again.
problem-stale-revocation-data = The state of the certificate of {$subject} is out of date; it was due for renewal at {$next_update}
    .action = Fetch the newest revocation list and ask again.
problem-certificate-on-hold = The certificate of {$subject} is on hold since {$since}
    .action = Do not rely on it now; ask the authority when it will be released.
problem-certificate-not-proven = What the certificate of {$subject} rests on counts up to {$at} only, and nothing proves that it existed by then
    .action = What was signed must be preserved by a document time stamp while everything that it rests on is still good.
problem-revocation-data-not-proven = What the certificate of {$subject} rests on counts up to {$at} only, and nothing proves that a list or response of that time clears it
    .action = What was signed must be preserved by a document time stamp while everything that it rests on is still good.
problem-certificate-revoked = The certificate of {$subject} was revoked on {$since} for {$reason}; nothing proves that the signature is older
    .action = Do not rely on it; ask its holder for a new certificate.
problem-certificate-revoked-before = The certificate of {$subject} was revoked on {$since} for {$reason}; the signature is later (proved to exist since {$proven_at})
    .action = Do not rely on it; ask its holder for a new certificate.
problem-certificate-revoked-later = The certificate of {$subject} was revoked on {$since} for {$reason}, after this signature (proved to exist since {$proven_at}), which is not touched by it
    .action = Nothing: what was signed before stands.
problem-authority-withdrawn-later = {$anchor} is not recognised since {$until}; this signature is older (proved to exist since {$proven_at}) and not touched by it
    .action = Nothing: what was signed before stands.
problem-name-excluded = The name {$name} in the certificate of {$subject} is one that {$authority} may not certify
    .action = Do not rely on it, and tell the authority: it certified a name that is not its to certify.
problem-name-not-permitted = The name {$name} in the certificate of {$subject} is outside of what {$authority} may certify
    .action = Do not rely on it, and tell the authority: it certified a name that is not its to certify.
problem-body-not-permitted = The certificate of {$subject} names a body (credit code "{$code}") outside of the regions that {$authority} may certify
    .action = Do not rely on it, and tell the authority: it certified a body that is not its to certify.
problem-body-of-others = The certificate of {$subject} names a body (credit code {$code}) of a region where {$authority} certifies, and does not rest on it
    .action = Do not rely on it, and tell the authority: it certified a body that is not its to certify.
problem-name-constraints-unusable = The limits on names of {$authority} cannot be applied
    .action = Ask the authority for a certificate whose names can be compared.
problem-any-policy-mapped = The certificate of {$subject} maps the policy that stands for all
    .action = Tell the authority that the certificate must be made anew.
problem-no-valid-policy = No acceptable certificate policy leads to the certificate of {$subject}
    .action = Ask which policy the certificate was issued under, and whether it is mapped to one that is accepted here.
problem-certificate-not-conforming = The certificate of {$subject} does not conform to RFC 5280 section {$clause}
    .action = Ask the authority for a certificate that follows the standard.
problem-certificate-credit-codes = The certificate of {$subject} does not name its body by one credit code of capital letters and digits
    .action = Ask the authority for a certificate with the code of the body alone.
problem-wrong-name = The certificate of {$subject} is not that of {$expected}
    .action = Make sure whom you are dealing with: the certificate is somebody else's.
problem-target-unreadable = The certificate in {$file} cannot be read: {$reason}
    .action = Ask for the certificate again; it may be damaged, or another kind of file.

## Words used above

transition-submit = submit
transition-return = return
transition-approve = approve
transition-issue = issue
transition-suspend = suspend
transition-resume = resume
transition-supersede = supersede
transition-expire = expire
transition-revoke = revoke
transition-withdraw = withdraw
transition-cancel = cancel
state-active = in use
state-frozen = frozen
state-draft = draft
state-submitted = submitted
state-approved = approved
state-issued = in force
state-suspended = suspended
state-superseded = superseded
state-expired = expired
state-revoked = revoked
state-withdrawn = withdrawn
state-cancelled = cancelled
role-clerk = clerk
role-approver = approver
role-seal-keeper = keeper of the seal
role-department-system = department's system
role-service = service

## Recognition lists

problem-fetch-address = "{$address}" is not an http or https address with a host and without user or password
problem-fetch-certificates = The certificates of authorities in {$file} cannot be used: {$reason}
problem-fetch-private = {$address} leads to {$ip}, which is not a public address; the setting fetch.private_addresses allows it
problem-fetch-unreachable = {$address} cannot be reached: {$reason}
problem-fetch-redirect = {$address} points to "{$target}"; that is not followed: name the address itself
problem-fetch-status = {$address} answers with status {$status}, not 200
problem-fetch-type = {$address} gives "{$found}", not {$expected}
problem-fetch-too-large = {$address} gives more than {$limit} bytes
problem-fetch-slow = {$address} did not answer whole within {$seconds} seconds

problem-list-too-long = The list of {$bytes} bytes is longer than the {$limit} allowed
problem-list-count = {$found} {$what} in the list; at least one must be there where it is asked for, and at most {$limit}
problem-list-not-signed = The list is not a signed message that is supported here: {$reason}
problem-list-signature = The signature of the list does not match: it was changed, or another key signed it
problem-list-content = What is signed is not a list of recognised authorities: {$reason}
problem-list-version = Layout {$version} of the list is not supported; update this program
problem-list-value = The {$what} of the list cannot be read: "{$value}"
problem-list-dates = The list of {$issued} says that the next is due at {$next}, which is not later
problem-list-empty = The list is empty. A list without authorities is never relied on
problem-list-at-our-address = the list says that it is published at {$location}, which is where ours is; the partner must name its own address
problem-list-duplicate-entity = {$entity} stands in the list twice
problem-list-duplicate-pointer = two pointers of the list lead to {$location}
problem-list-reads-otherwise = the list does not read back as it was meant, and was not signed
problem-list-duplicate-certificate = The certificate of {$subject} stands in the list twice, for {$one} and for {$other}
problem-list-not-authority = The certificate of {$subject}, for {$entity}, is not that of a certification authority
problem-list-any-policy = The table of assurance levels of {$entity} maps anyPolicy; each level must be named
problem-list-overlapping-regions = {$one} and {$other} both claim the authorities of {$space}; one of them must be bound to other regions
problem-list-decision-order = A decision of {$decided} stands behind a later one
problem-list-backdated = "{$status}" since {$since} was decided on {$decided}; only a compromise dates back
problem-list-chain-missing = List {$sequence} does not name the list before it; the first alone has none
problem-list-unknown-signer = The list is signed by {$signer}, who is neither pinned nor named by the list before
problem-list-signer-not-valid = The certificate of the signer was not valid when the list was made, at {$issued}
problem-list-falling-sequence = List {$found} is older than list {$seen}, which was seen already; somebody may be trying to roll back
problem-list-other-content = List {$sequence} has other content than the list of that number that was seen already
problem-list-broken-chain = List {$sequence} follows {$found}, but the list seen before it is {$seen}
problem-list-falling-time = List {$sequence} was made before the list that it follows
problem-list-entity-removed = {$entity} was removed from the list; recognition ends by a decision that stays readable
problem-list-service-removed = The service {$service} of {$entity} was removed from the list
problem-list-history-removed = The history of the service {$service} of {$entity} was removed or changed
problem-seal-list-left-out = The list of seals in {$file} was left out: its maker is not relied on as of {$time} ({$reason})
    .action = Whether a seal had been withdrawn by then is not known from this folder.
problem-list-stale = The list was to be replaced by {$next}; get the present one
problem-list-signer-changing = A change of the signer has begun already; complete it first
problem-list-signer-unchanged = No change of the signer has begun; begin one first
problem-list-without-root = A list holds at least one root of the city; found a root first
problem-list-no-service = Say which services it is recognised for
problem-recognition-cross-certificates = What is decided about {$entity} changes other cross-certificates than those named; name exactly these: {$due}
problem-recognition-cross-later = Cross-certificates cannot be revoked or held ahead of {$since}: decide it when the time has come
problem-recognition-reason = {$value} is no reason for being {$status}
problem-recognition-unchanged = {$entity} has no service that could become "{$status}"
problem-certificate-unusable = The certificate cannot be used: {$reason}

## Requests

problem-route-unknown = There is nothing at this address
problem-method-not-allowed = This address does not take this method
problem-body-unreadable = The request cannot be read: {$reason}
problem-body-too-large = The content is larger than allowed
problem-media-type-unsupported = Content of type "{$value}" is not taken here
problem-value-unknown = "{$value}" is none of the values allowed
problem-nothing-to-verify = Nothing to verify: send a document, an identifier with its verification code, or the text of a QR code
problem-too-many-requests = Too many requests; try again in {$seconds} second(s)
problem-request-too-slow = It took longer than {$seconds} second(s) and was given up; try again later
problem-idempotency-key-form = An idempotency key has 1 to {$limit} visible ASCII characters
problem-idempotency-key-other-body = Idempotency key {$key} was used for another content; take another key for another request
problem-idempotency-key-running = The request with idempotency key {$key} is still running; try again later with the same key

## Statuses

status-400 = The request cannot be read
status-401 = A token is needed
status-403 = Not allowed
status-404 = Not found
status-405 = Method not allowed
status-408 = It took too long
status-409 = In conflict with how things stand
status-413 = Too large
status-415 = Type of content not supported
status-422 = The content breaks rules
status-429 = Too many requests
status-500 = Something went wrong inside
status-503 = Not available at the moment

## Officers and proposals

problem-officer-statement-missing = This needs the signed statement of an officer (Authorization: Officer)
problem-denied-officers-only = Only officers may do this
problem-officer-unknown = No officer is enrolled with the key {$key}
problem-officer-removed = Officer {$officer} was removed and may no longer decide
problem-officer-signature = The signature is not that of the officer's enrolled key over this statement
problem-officer-key-unusable = The officer's public key cannot be used: {$reason}
problem-officer-key-weak = The officer's RSA key has {$bits} bits; 2048 are the least
problem-officer-name = Name and organisation of an officer are needed, without blanks around them, at most {$limit} characters each
problem-officers-too-few = {$limit} officers must be left; enrol another one first
problem-proposal-too-long = The proposal has {$bytes} bytes; at most {$limit} are allowed
problem-proposal-unreadable = The proposal cannot be read: {$reason}
problem-proposal-not-canonical = The proposal is not in canonical form (RFC 8785), or holds a field that is not known
problem-proposal-without-reason = A proposal needs a reason
problem-proposal-reason-too-long = The reason has {$chars} characters; at most {$limit} are allowed
problem-proposal-term = The proposal would expire at {$value}; it may be open for at most {$days} days
problem-proposal-of-another = The proposal names another proposer or another instance than the statement that signs it
problem-proposal-dated-ahead = The proposal is dated {$proposed}, ahead of the clock of the service
problem-proposal-officers = The proposal waits for {$officers} officer alone; {$act} takes another, here
problem-proposal-expired = The proposal expired at {$expires}
problem-proposal-not-open = The proposal is no longer open: {$found}
problem-proposal-own = Whoever proposed this may not approve or reject it; another officer decides
problem-proposal-not-proposer = Only whoever proposed this may take it back
problem-proposal-proposer-removed = Whoever proposed this is no longer an officer; another officer must propose it anew
problem-rejection-without-reason = A rejection needs a reason
problem-statement-unreadable = The officer's statement cannot be read
problem-statement-signature = The signature is not that of the key over this statement
problem-statement-other-instance = The statement was signed for another instance
problem-statement-other-proposal = The statement was signed for another proposal: {$proposal}
problem-statement-other-hash = The statement was signed over another content: it names {$stated}, the proposal has {$hash}
problem-statement-other-decision = The statement decides something else: "{$found}" instead of "{$expected}"
problem-statement-time = The statement was signed at {$time}, too long ago or in the future
problem-record-hash = The hash of the record is not that of its content
problem-record-encoding = A key or signature of the record is not base64
problem-record-statement = The statement "{$decision}" does not hold: {$reason}
problem-record-other-target = The statement "{$decision}" is about another proposal, content or instance
problem-record-unfounded = The state "{$recorded}" does not follow from the statements of the record
problem-record-late = The approval was signed after the proposal expired
problem-record-strange-key = A statement is signed with the key {$key}, which is none of those named

## Reasons of revocation

why-delta-alone = there is a list of changes, and not the complete one that it continues
why-list-after-expiry = the revocation list was made after it had expired
why-list-direct = the revocation list does not speak for certificates of others
why-list-extension = the revocation list has the critical extension {$value}, which is not processed here
why-list-form = the revocation list does not conform to RFC 5280 section {$value}
why-list-of-the-future = the revocation list is of {$value}, in the future
why-list-other-kind = the revocation list does not cover certificates of this kind
why-list-other-point = the revocation list is for other certificates of its issuer
why-list-signature = the signature of the revocation list does not hold
why-list-signer-missing = there is no certificate of whoever signed the revocation list
why-list-signer-path = nothing leads to {$value}, who signed the revocation list
why-list-signer-usage = the key that signed the revocation list may not sign lists
why-list-some-reasons = the revocation lists speak for some reasons only
why-no-list = there is no revocation list of its issuer
why-responder-unknowing = the status responder does not know it
why-response-extension = the status response has the critical extension {$value}, which is not processed here
why-response-issuer-key = the key of its issuer is not supported
why-response-of-the-future = the status response is of {$value}, in the future
why-response-signature = the signature of the status response does not hold
why-response-signer-issuer = whoever signed the status response was not certified by its issuer
why-response-signer-missing = there is no certificate of whoever signed the status response
why-response-signer-purpose = whoever signed the status response is not certified for that
why-response-signer-revoked = whoever signed the status response was revoked, or nothing recent says otherwise
why-response-signer-silent = nothing is known about the revocation of whoever signed the status response
why-response-signer-unfit = the certificate of whoever signed the status response cannot be relied on
why-response-signer-unproven = nothing proves that whoever signed the status response could be relied on then
why-response-signer-usage = the key that signed the status response may not sign
reason-unspecified = no stated reason
reason-keyCompromise = keyCompromise
reason-cACompromise = cACompromise
reason-affiliationChanged = affiliationChanged
reason-superseded = superseded
reason-cessationOfOperation = cessationOfOperation
reason-certificateHold = certificateHold
reason-privilegeWithdrawn = privilegeWithdrawn
reason-aACompromise = aACompromise

## Ceremonies

problem-ceremony-script = The script cannot be used: {$reason}
problem-ceremony-input = The file "{$file}" that the script names cannot be used: {$reason}
problem-ceremony-people = The script names {$count} people; a ceremony needs two
problem-ceremony-same-person = "{$name}" is the other person too, by name or by key; a ceremony needs two different people
problem-ceremony-absent = "{$name}" is not there with the key that the script names; nothing was done
problem-ceremony-other-agenda = What was confirmed has the hash {$expected}, the script with its inputs has {$found}
problem-ceremony-key = The public key of "{$name}" cannot be used: {$reason}
problem-ceremony-root-order = Step {$step}: a root is made or opened first, and once
problem-ceremony-other-root = The certificate of the root does not belong to its key
problem-ceremony-profile = Step {$step}: the profile "{$value}" is none of an authority under a root
problem-ceremony-revocation = Step {$step}: "{$value}" is no time of a revocation
problem-ceremony-signing = A key did not sign: {$reason}
problem-ceremony-step = Step {$step} cannot be done: {$reason}
problem-transcript-unreadable = The transcript cannot be read: {$reason}
problem-transcript-chain = Entry {$entry} of the transcript does not follow from the one before: something was changed, left out or put in
problem-transcript-confirmation = The confirmation of "{$name}" is missing from the transcript or does not verify
problem-transcript-closing = The signature of "{$name}" under the transcript is missing or does not verify
problem-transcript-other-step = Entry {$entry} of the transcript is not what the script asks for
problem-transcript-item = Entry {$entry} of the transcript: "{$file}" is not what it should be
problem-crl-lifetime = A revocation list of this authority may be relied on for 1 to {$limit} days, not {$days}
problem-offline-unusable = The {$what} cannot be used: it {$reason}
problem-ca-offline = The key of {$ca} is kept offline: what it is to sign takes a ceremony

## Changes of later revisions

problem-change-validation-data = Revision {$revision} of {$revisions} adds validation data
problem-change-time-stamp = Revision {$revision} of {$revisions} adds the document time stamp "{$name}"
problem-change-signed = Revision {$revision} of {$revisions} signs the field "{$name}"
problem-change-signed-visible = Revision {$revision} of {$revisions} signs the field "{$name}", which shows on page {$page}
problem-change-signature-hides = Revision {$revision} of {$revisions} hides what page {$page} showed: the signature field "{$name}" draws over {$width} mm by {$height} mm of it
problem-change-signature-field = Revision {$revision} of {$revisions} adds the signature field "{$name}"
problem-change-signature-field-visible = Revision {$revision} of {$revisions} adds the signature field "{$name}", which shows on a page
problem-change-description = Revision {$revision} of {$revisions} sets another date or program in the description of the document
problem-change-repeated = Revision {$revision} of {$revisions} writes again what was there
problem-change-field-filled = Revision {$revision} of {$revisions} fills in the form field "{$name}"
problem-change-annotation = Revision {$revision} of {$revisions} adds an annotation ({$what})
problem-change-field-entry = Revision {$revision} of {$revisions} changes the form field "{$name}" itself (/{$key})
problem-change-field-added = Revision {$revision} of {$revisions} adds the form field "{$name}"
problem-change-replaced = Revision {$revision} of {$revisions} replaces {$part}
problem-change-added = Revision {$revision} of {$revisions} adds {$part}
problem-change-removed = Revision {$revision} of {$revisions} removes {$part}
problem-change-reference-filled = Revision {$revision} of {$revisions} adds object {$object}, to which the document before it already refers
problem-change-catalog-entry = Revision {$revision} of {$revisions} changes /{$key} of the document catalogue
problem-change-trailer-entry = Revision {$revision} of {$revisions} changes /{$key} of the trailer
problem-change-form-entry = Revision {$revision} of {$revisions} changes /{$key} of the form
problem-change-store-form = Revision {$revision} of {$revisions} puts into the security store what is no validation data
problem-change-store-shrunk = Revision {$revision} of {$revisions} removes validation data
problem-change-bytes = Revision {$revision} of {$revisions} has bytes {$from} to {$to} that are part of no object
problem-change-unreadable = Revision {$revision} of {$revisions} follows a document whose object {$object} cannot be read
problem-change-unparsable = From byte {$from} on the file holds what is no revision of the document
problem-signature-over-content = The signature of {$signer} in the field "{$name}" was added later and shows on page {$page} ({$width} mm by {$height} mm): it may cover earlier content there, so compare that place with the version that was signed
problem-signature-hides-content = The signature field "{$name}" of {$signer} was added or filled later and covers earlier content of page {$page} ({$width} mm by {$height} mm): it is larger than a seal, or nobody signed in it, and what is seen there is not what was signed
problem-shadow-hidden-layer = The signed document has a layer that is off: its content is signed, but was perhaps not seen
problem-shadow-second-catalog = The signed document holds a second catalogue in object {$object}, which is not shown: an update could bring it forward, and would be told here
problem-shadow-second-page-tree = The signed document holds a second set of pages in object {$object}, which is not shown: an update could bring it forward, and would be told here
problem-shadow-script = The signed document holds a script in object {$object}, which can change what is shown
problem-shadow-on-paper = The signed document holds in object {$object} what is seen on a screen alone, or on paper alone
problem-shadow-in-use = The signed document holds in object {$object} an action or appearance that changes what is shown when it is used
problem-shadow-conditional-layer = The signed document holds in object {$object} content that is shown where a layer is off
problem-shadow-outside = The signed document holds in object {$object} what is drawn from another file, or leads out of it
problem-shadow-values = The signed form leaves it to each reader to draw its values (NeedAppearances): they may look otherwise elsewhere

part-catalog = the document catalogue
part-page-tree = the page tree
part-page = page {$value}
part-page-content = the content of page {$value}
part-page-resource = a font, a picture or another resource of page {$value}
part-page-annotation = an annotation of page {$value}
part-field = the form field "{$value}"
part-catalog-entry = a part of /{$value} of the document catalogue
part-information = the information dictionary
part-object = an object ({$value})
