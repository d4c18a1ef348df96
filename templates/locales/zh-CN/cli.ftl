# 命令行输出。

cli-import-summary = 签发 {$issued} 份，以前已签发 {$before} 份，退回 {$refused} 行；结果见 {$file}
cli-demo-equipped = 已为 {$count} 个机构配好证书和印章，正在导入证照……
cli-demo-ready = 已签发 {$issued} 份证照，退回 {$refused} 行。可以试试：
cli-demo-open = 打开一份证照
cli-demo-link = 查验它（把文件拖到页面上）
cli-demo-call = 以部门系统的身份调用接口（机构 {$authority}，接口说明见 {$docs}）
cli-demo-tampered = 试一份改动过的文件（拖到查验页上）
cli-demo-stop = 停止：按 Ctrl-C；再次启动会接着使用同一座城市
cli-demo-offline = 不经过服务查验

cli-seal = {$id}  {$state}  {$name}  {$from} 至 {$until}
cli-authority = {$code}  {$level}  {$zh}（{$en}）
cli-certificate = {$serial}  {$subject}  有效期至 {$until}
cli-crl = {$ca}：第 {$number} 号吊销列表，下次更新 {$until}
cli-ca = {$name}  {$algorithm}  {$subject}  由 {$parent} 签发
cli-ca-root = {$name}  {$algorithm}  {$subject}  根
cli-licence-issued = 已签发：{$identifier}，核验码 {$code}
cli-licence = {$identifier}  {$state}
cli-licence-content = {$type}  {$number}  {$holder}
cli-licence-term = {$issuer}  {$from} 至 {$until}
cli-no-end = 长期
cli-bench-rate = {$work}：{$count} 次，每秒 {$rate} 次，每次占用处理器 {$cpu} 毫秒
cli-bench-latency = 半数在 {$half} 毫秒内，99 % 在 {$most} 毫秒内；内存 {$memory} MiB

level-national = 国家级
level-province = 省级
level-city = 市级
level-county = 县级
level-township = 乡镇级
level-village = 村级
