# Output of the command line.

cli-issued = issued {$identifier}
cli-revoked = changed {$identifier} to {$state}
cli-import-progress = {$done} of {$total} rows done, {$issued} issued, {$refused} refused
cli-import-finished = import finished: {$issued} issued, {$refused} rows refused, result in {$file}
cli-import-resumed = continuing at row {$row}
cli-verify-summary = {$file}: {$verdict}
cli-written = wrote {$file}
cli-passphrase = passphrase of the key
cli-demo-preparing = preparing the sample city: authorities, seals, departments and licences
cli-demo-continues = continuing with the data in {$folder}
cli-demo-ready = The sample city is ready. Things to try:
cli-demo-open = open a licence
cli-demo-link = open its verify link
cli-demo-call = call the interface
cli-demo-tampered = drop a tampered copy on the verify page
cli-demo-stop = press Ctrl+C to stop
cli-serving = serving at {$address}
cli-stopping = stopping; waiting for requests under way
cli-error = error: {$message}
