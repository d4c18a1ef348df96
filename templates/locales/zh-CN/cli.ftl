# 命令行输出。

cli-issued = 已签发 {$identifier}
cli-revoked = 已变更 {$identifier} 的状态：{$state}
cli-import-progress = 已处理 {$done} / {$total} 行，签发 {$issued}，退回 {$refused}
cli-import-finished = 导入完成：签发 {$issued} 份，退回 {$refused} 行，结果见 {$file}
cli-import-resumed = 从第 {$row} 行继续
cli-verify-summary = {$file}：{$verdict}
cli-written = 已写入 {$file}
cli-passphrase = 请输入密钥口令
cli-demo-preparing = 正在准备样例城市：证书机构、印章、部门和证照
cli-demo-continues = 继续使用 {$folder} 中的数据
cli-demo-ready = 样例城市已就绪，可以试试：
cli-demo-open = 打开一份证照
cli-demo-link = 打开它的查验链接
cli-demo-call = 调用接口
cli-demo-tampered = 把改动过的副本拖到查验页
cli-demo-stop = 按 Ctrl+C 停止
cli-serving = 服务已启动：{$address}
cli-stopping = 正在停止，等待处理中的请求完成
cli-error = 错误：{$message}
