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
