# 查验页，按页面从上到下的次序。

page-title = 证照查验
page-brand = 印信
page-language = English
page-skip = 跳到查验结果
page-official-address = 官方地址：{$address}。请核对浏览器地址栏，只有这个地址的结果才算数。

## 入口：文件、编号、二维码

page-intro = 查一份电子证照是真是假、现在是否有效。无需注册，不留存您上传的文件。
page-tab-file = 查文件
page-tab-identifier = 查编号
page-tab-code = 查二维码
page-file-label = 选择或拖入 PDF 文件
page-file-hint = 最大 {$limit} MB。请用原文件，不要用截图或扫描件。
page-file-submit = 开始查验
page-file-receipt = 核验并下载回执（PDF）
page-file-receipt-pictures = 回执附上改动前后的页面图
page-file-receipt-hint = 回执写明文件摘要、结论和依据，由核验系统签名并盖时间戳，可以存档或交给他人。系统不保存文件和回执。附图后，这些页面上的内容（包括个人信息）都会出现在回执上。
page-identifier-label = 证照标识
page-identifier-hint = 印在照面上，以 1.2.156.3005.2 开头
page-code-label = 核验码
page-code-hint = 照面上的 8 位字母和数字，不分大小写
page-identifier-submit = 查询
page-qr-label = 二维码文字
page-qr-hint = 用手机相机扫码会直接打开本页；也可以把扫到的文字粘贴在这里
page-qr-submit = 查验

## 1 结论

result-next = 现在怎么办

## 2 证照

result-type = 证照名称
result-holder = 持证主体
result-number = 证照编号
result-identifier = 证照标识
result-issuer = 签发机关
result-valid = 有效期
result-valid-range = {$from} 至 {$until}
result-valid-open-ended = {$from} 起长期有效
result-masked = 个人信息已遮盖，持证人亮证时可以看到全名。
result-register-data = 登记信息
result-as-signed = 签署时的版本：文件最前面的 {$bytes} 字节
result-as-signed-download = 下载签署时的版本
result-as-signed-hint = 即签名所指的内容，不含之后的改动。由您提交的文件截取，系统不保存。
result-as-signed-large = 文件较大，本页不附：签署时的版本就是您文件最前面的 {$bytes} 字节。
result-file-data-hidden = 文件没有通过查验，不显示其中的内容。

## 3 两项结论

result-file = 文件
result-state = 证照状态
result-code = 二维码

## 4 查验时间

result-checked-at = 查验时间：{$time}（北京时间）
result-document-data = 证照自载信息
result-state-source-document = 内容和日期来自文件，由其签发机关签名；未向当地的登记系统查询。
result-state-source-register = 内容和状态来自登记系统，不来自文件。
result-moment = 本页结果仅代表此时刻。

## 5 核对

result-compare = 请逐项核对
result-compare-hint = 与手中的纸件或屏幕有任何不一致，请勿采信。

## 6 原因和下一步

result-list-link = 如何提请列入互认名录
result-reason = 原因
result-notes = 请注意
result-again = 再查一份
result-print = 打印本页

## 7 签名人

result-signer = 谁签的
result-signer-name = 签名机构
result-signer-claimed = 证书自称的名称（该证书未获信任）
result-signer-code = 统一社会信用代码
result-code-claimed = 证书自称的统一社会信用代码
result-signed-at = 签署时间
result-time-proven = 有时间戳证明
result-time-claimed = 签名人自称，没有证明
result-seal = 电子印章
result-seal-holder = 印章所有者
result-seal-picture = 登记的印章图样
result-seal-note = 登记的印章图样，供与文件上的印章比对。图样本身不是证明。

## 8 签发后的变化

result-changes = 签发之后的变化
result-pictures = 改动前后对照
result-pictures-hint = 同一页在签署时和现在的样子，橙色框标出不同的地方。对照图由本系统绘制，只供查看，不影响结论，也不留存。
result-pictures-page = 第 {$page} 页
result-pictures-signed = 签署时
result-pictures-now = 现在
result-pictures-no-signed = 签署时没有这一页
result-pictures-no-now = 现在没有这一页了
result-pictures-signed-described = 签署时的页面
result-pictures-now-described = 文件现在的页面

## 8 路径

result-path = 认证路径

## 9 逐项检查

result-checks = 逐项检查
check-yes = 是
check-no = 否
check-skipped = 未检查
check-integrity = 内容与签名一致吗？
check-changes = 签名之后没有不允许的改动吗？
check-certificate = 签名证书可信吗？
check-revocation = 签名时证书没有被吊销吗？
check-time = 签署时间有证明吗？
check-authority = 签名机构就是签发机关吗？
check-seal = 电子印章有效吗？
check-state = 证照现在有效吗？

## 10 版本和历史

result-newer = 查看新版本

## 11 换个方法再查一遍

result-elsewhere = 换个方法再查一遍
result-elsewhere-hint = 请手工输入官方地址 {$address}，再次上传文件，或输入证照标识和核验码。
result-elsewhere-foreign = 请通过您确知的官方网址或电话，向签发机关核实。
result-hash-sha256 = SHA-256 摘要
result-hash-sm3 = SM3 摘要
result-second-reader = 另一阅读程序核对
result-file-name = 文件名
result-file-size = 大小
result-file-bytes = {$bytes} 字节
result-other-readers = 本文件使用国密 SM2 签名。Adobe、浏览器等软件不支持 SM2，会提示“无法验证”或“签名有问题”，这不代表文件有误。请以本页或支持国密的阅读软件为准。
result-other-readers-international = 阅读软件若提示“签名者未知”，是因为它没有安装本市的根证书，不代表文件有误。

## 13 技术细节

result-technical = 技术细节：文件摘要、签名、时间戳、电子印章
result-signature = 电子签名
result-document-time-stamp = 文档时间戳
result-technical-indication = 判定（ETSI EN 319 102-1）
result-technical-cryptography = 签名与内容本身（密码验证）
result-technical-certificate = 签名证书本身（X.509 验证）
result-technical-not-reached = 未进行到这一步
result-level = 签名级别
result-algorithm = 签名算法
result-subject = 证书主体
result-serial = 证书序列号
result-chain = 证书链
result-form = 签名格式
result-encoding = 编码说明（不影响结论）
result-encoding-note = 说明
result-policy = 签名策略
result-commitments = 承诺类型
result-field = 签名域
result-revision = 签署的版本 / 版本总数
result-times = 时间
result-time-stamp = 时间戳证明的时间
result-time-claimed-at = 签名人自称的时间
result-control-time = 签名证书链可信截止（控制时间）
result-replay = 复核依据：同一文件配上同样的材料，会得出同样的结果
result-replay-program = 核验程序
result-replay-time = 判定时间
result-replay-list = 互认名单：序号和 SHA-256
result-replay-constraints = 不再信任的算法及截止日期
material-certificate = 证书，SHA-256
material-crl = 吊销列表（所查证书），SHA-256
material-ocsp-response = 状态应答（所查证书），SHA-256
material-time-stamp = 时间戳，SHA-256
material-seal-status-list = 印章状态名单，SHA-256
result-seal-name = 印章名称
result-seal-id = 印章编号

## 出错

page-error-heading = 没有完成查验
page-back = 返回查验首页

## 首页

page-lead = 收到一份电子证照？在这里查。
page-file-explain = 原件里有电子签名，一查便知是否改动过。
page-identifier-explain = 手中只有纸件时，输入照面上的两行字。
page-holder-label = 没有核验码？输入持证主体全称
page-privacy = 文件只用于本次查验，查完即删，不留存。
page-api = 接口文档

## 日期

date-day = {$year}年{$month}{$day}日
month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月
page-checking-short = 正在查验……

## 互认名录页

page-trust = 互认名录
trust-title = 互认名录
trust-intro = 本市承认哪些电子认证机构、承认用于什么、自何时起。名录由两人共同决定，签名发布，历次均可查。
trust-stale = 名录应已更新而未更新。在更新之前，请向发布机构核实。
trust-earlier-note = 这是较早的一期，仅供查考。
trust-newest = 看最新一期
trust-number = 第 {$number} 期
trust-operator = 发布机构
trust-issued = 发布时间
trust-next = 最迟更新时间
trust-download = 下载签名名录
trust-download-hint = JWS 格式，可离线核验。
trust-own = 本市自己的认证机构
trust-regions = 机关范围
trust-regions-all = 不限地区
trust-level = 等级对照
trust-history = 变更记录
trust-since = 自 {$time} 起
trust-decided = {$time} 决定
trust-certificates = 证书
trust-technical = 技术信息
trust-signer = 签发证书
trust-digest = 内容 SHA-256
trust-technical-hint = 名录依 ETSI TS 119 602 编制；每一期写明上一期的摘要，因此任何改动或删去都会被发现。
trust-earlier = 历次名录
trust-missing = 名录中没有的认证机构
trust-missing-hand-over = 需要依赖该机构的单位，把它的根证书和中间各级证书交给本服务的主管部门，并说明依据：许可证、认证业务规则或协议。
trust-missing-propose = 由本服务的一名管理员提请列入：
trust-missing-then = 另一名管理员核对无误后批准，下一期名录即列入该机构，有关文件可重新查验。在此之前，由它认证的签名在这里无法判定。
trust-none = 尚未发布名录。
recognised-separator = 、
recognised-service-credentials = 证照二维码
recognised-service-enterprise-signing = 企业签名
recognised-service-government-seals = 机关印章
recognised-service-time-stamping = 时间戳
recognised-status-granted = 承认
recognised-status-suspended = 暂停
recognised-status-withdrawn = 已终止
recognised-status-later = 尚未生效
recognised-reason-agreement = 依互认协议
recognised-reason-ceased = 停止服务
recognised-reason-cleared = 核查无碍
recognised-reason-compromise = 密钥泄露
recognised-reason-investigation = 正在核查
recognised-reason-rules-broken = 违反规则
recognised-reason-unspecified = 未说明
