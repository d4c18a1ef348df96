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

cli-seal = {$id}  {$state}  {$name}  {$from} to {$until}
cli-authority = {$code}  {$level}  {$en} ({$zh})
cli-certificate = {$serial}  {$subject}  until {$until}
cli-crl = {$ca}: revocation list {$number}, next one due {$until}
cli-ca = {$name}  {$algorithm}  {$subject}  issued by {$parent}
cli-ca-root = {$name}  {$algorithm}  {$subject}  root
cli-licence-issued = Issued: {$identifier}, verification code {$code}
cli-licence = {$identifier}  {$state}
cli-licence-content = {$type}  {$number}  {$holder}
cli-licence-term = {$issuer}  {$from} to {$until}
cli-no-end = no end
cli-bench-rate = {$work}: {$count} units, {$rate} a second, {$cpu} ms processor time each
cli-bench-latency = half within {$half} ms, 99 % within {$most} ms; {$memory} MiB

level-national = national
level-province = province
level-city = city
level-county = county
level-township = township
level-village = village
