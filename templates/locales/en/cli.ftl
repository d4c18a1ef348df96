# Output of the command line.

cli-import-summary = {$issued} issued, {$before} issued before, {$refused} refused; results in {$file}
cli-demo-equipped = {$count} authorities are equipped; importing licences …
cli-demo-ready = {$issued} licences are issued, {$refused} rows were refused. Things to try:
cli-demo-open = open a licence
cli-demo-link = verify it (drop the file on the page)
cli-demo-call = ask as a department's system (authority {$authority}; the interface is described at {$docs})
cli-demo-tampered = try a forgery (drop it on the page)
cli-demo-stop = stop with Ctrl-C; start again to go on with the same city
cli-demo-offline = verify without the service
