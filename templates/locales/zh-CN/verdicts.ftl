# 查验结论。每条：标题（不超过 14 个字），.meaning 一句话含义，.action 接下来怎么办。
# “不能判断”从不写成“失败”，首先说明它不代表文件是假的。

## 文件：收到的是不是当初签发的那份？

file-valid = 文件真实，未被改动
    .meaning = 由{$signer}于{$time}签发，此后内容没有变化。
    .meaning_stated = 由{$signer}签发，此后内容没有变化。签发时间自称为{$time}，没有证据证明。
    .meaning_undated = 由{$signer}签发，此后内容没有变化。何时签发，没有证据证明。
    .action = 可以采信。如是证照，请再看证照状态，并核对姓名、编号与眼前的人和物是否一致。
file-receipt = 这是一份真实的核验回执，所指的是另一个文件
    .meaning = 回执对 SHA-256 为 {$sha256} 的文件作出的结论是：{$finding}（判定时间 {$time}）。仅凭回执不能说明任何文件真实。
    .action = 请计算手中文件的 SHA-256，与上面的摘要核对；或者直接核验那个文件。
file-valid-with-permitted-changes = 文件真实，仅有允许的补充
    .meaning = 由{$signer}于{$time}签发，此后只有签发时允许的补充，正文没有变化。
    .meaning_stated = 由{$signer}签发，此后只有签发时允许的补充，正文没有变化。签发时间自称为{$time}，没有证据证明。
    .meaning_undated = 由{$signer}签发，此后只有签发时允许的补充，正文没有变化。何时签发，没有证据证明。
    .action = 可以采信正文；补充的内容列在下方。
file-changed = 文件签发后被改动过
    .meaning = 现在看到的内容与签发时不同，请勿采信。
    .action = 请查看签发时的版本，或让持证人重新提供原文件。
file-invalid = 签名不成立
    .meaning = 签名与内容或签发机关对不上，请勿采信。
    .action = 请向签发机关核实；怀疑伪造时保留此文件并举报。
file-indeterminate = 现在还不能判断真伪
    .meaning = 不代表文件是假的，只是缺少作出判断的依据。
    .action = 请看下面的原因和对策，或向签发机关核实；在此之前请勿采信。
file-unsigned = 文件没有电子签名
    .meaning = 页面上的印章只是图片，不能证明来源。
    .action = 请索取带签名的原文件，或输入证照编号和核验码查询登记信息。
file-unreadable = 无法读取此文件
    .meaning = 文件可能已损坏、加了密码，或不是 PDF。
    .action = 请重新获取原文件，不要使用截图、打印扫描件或转换过的文件。

## 证照：现在还有效吗？

licence-current = 证照有效
    .meaning = 有效期至{$until}。
    .action = 可以使用。请核对姓名、编号与眼前的人和物是否一致。
licence-current-open-ended = 证照有效
    .meaning = 长期有效。
    .action = 可以使用。请核对姓名、编号与眼前的人和物是否一致。
licence-ending-soon = 证照有效，即将到期
    .meaning = 有效期至{$until}，还有{$days}天。
    .action = 现在可以使用；办理期限较长的事项，请提醒持证人先办理延续。
licence-suspended = 证照已暂停使用
    .meaning = 自{$since}起暂停，恢复前不能使用。
    .action = 请勿接受；持证人可向签发机关申请恢复。
licence-revoked = 证照已吊销
    .meaning = 因违法被吊销，{$since}起不能使用。
    .action = 请勿接受。
licence-withdrawn = 证照已撤销
    .meaning = 原许可已被撤销，{$since}起不能使用。
    .action = 请勿接受。
licence-cancelled = 证照已注销
    .meaning = 已办理注销，{$since}起不能使用。
    .action = 请勿接受。
licence-superseded = 已换发新证
    .meaning = 此件已被新的版本替代。
    .action = 请持证人出示新证。
licence-expired = 证照已过期
    .meaning = 有效期至{$until}，已过{$days}天。
    .action = 请勿接受；持证人可向签发机关办理延续。
licence-not-yet-valid = 证照尚未生效
    .meaning = 自{$from}起生效。
    .action = 请在生效之后再接受。
licence-unknown = 暂时查不到证照状态
    .meaning = 登记系统没有答复，不代表证照无效。
    .action = 请稍后重新查验，或打电话向签发机关核实。
licence-elsewhere = 登记在外地
    .meaning = 证照现在是否有效，只有其签发机关的登记系统知道；本次没有向它查询。
    .action = 事关重大时，请向签发机关核实。
licence-not-found = 没有查到此编号
    .meaning = 登记信息中没有这个编号，或核验码不对。
    .action = 请逐字核对编号和核验码；确认无误仍查不到的，请警惕伪造。

## 两项合成的结论：能不能接受？

both-good-elsewhere = 文件真实，由互认地区签发
    .meaning = 由{$signer}于{$time}签发，签发后没有改动；签发时其认证机构在本地获得互认。
    .meaning_stated = 由{$signer}签发，签发后没有改动；其认证机构在本地获得互认。签发时间自称为{$time}，没有证据证明。
    .meaning_undated = 由{$signer}签发，签发后没有改动；其认证机构在本地获得互认。何时签发，没有证据证明。
    .action = 请核对姓名、编号与眼前的人和物是否一致。事关重大时，请向签发机关核实证照现在是否有效。
recognition-listed = 由{$issuer}签发。{$authority}自 {$since} 起获得互认（名录第 {$sequence} 期）；未向其登记系统查询。
recognition-crossed = 由{$issuer}签发，其认证机构经交叉认证。路径终于{$authority}，自 {$since} 起可信（名录第 {$sequence} 期）；未向签发方的登记系统查询。
recognition-ended = 由{$issuer}签发。{$authority}自 {$since} 起获得互认，至 {$until} 终止；此文件经证明签于终止之前，不受影响（名录第 {$sequence} 期）。未向其登记系统查询。
recognition-without-list = 由{$issuer}签发，其认证机构经交叉认证。路径终于{$authority}，自 {$since} 起可信；未向签发方的登记系统查询。
path-signer = {$name}
path-authority = {$name}
path-cross-certified = {$name}（由下一机构交叉认证）
path-anchor = {$name}（信任起点：{$authority}）
path-anchor-not-recognised = {$name}（当时未获互认：{$authority}）
accept-yes = 可以接受
accept-no = 不能接受
accept-not-now = 现在还不能确定
accept-no-proof = 不能作为证明
accept-receipt = 是回执，不是文件本身

## 二维码：扫到的码说明什么？

qr-current = 码为真，证照有效
    .meaning = 由{$issuer}签发，状态截至{$as_of}。
    .action = 请核对姓名与证件，纸上的码只是副本。
qr-expired = 码为真，证照已过期
    .meaning = 有效期至{$until}。
    .action = 请勿接受。
qr-revoked = 码为真，证照已失效
    .meaning = 签发后已被吊销、撤销、注销或换发。
    .action = 请勿接受；具体原因请在线查询。
qr-suspended = 码为真，证照已暂停使用
    .meaning = 恢复前不能使用，状态截至{$as_of}。
    .action = 请勿接受。
qr-bad-signature = 码是伪造或改动过的
    .meaning = 码里的签名不成立，请勿采信其中任何内容。
    .action = 请保留此件并向签发机关举报。
qr-unknown-issuer = 不认识签发此码的机构
    .meaning = 不代表码是假的：本机的签发机构名单里没有这个机构。
    .action = 请更新名单后再查，或在线查询。
qr-unsupported-version = 此码需要新版程序
    .meaning = 不代表码是假的：它的格式比本程序新。
    .action = 请更新程序后再查，或在线查询。
qr-unreadable = 这不是完整的证照码
    .meaning = 文字不全、有损坏，或是别的二维码。
    .action = 请对准整个码重新扫描。
qr-another-licence = 码为真，但属于另一份证照
    .meaning = 码里的证照标识与您输入的不同。
    .action = 请勿接受：可能是把别人的码贴在了这份证照上。
qr-not-in-register = 码是真的，但登记系统中没有这份证照
    .meaning = 登记系统中没有与码内容一致的证照。
    .action = 暂勿采信，请向发证机关核实。
qr-key-compromised = 现在还不能判断真伪
    .meaning = 签发此码的密钥可能泄露，只有登记过的码才能采信。
    .action = 请在线查询。
qr-keys-too-old = 现在还不能判断状态
    .meaning = 本机的签发机构名单已过期。
    .action = 请联网更新名单后再查。
qr-status-missing = 现在还不能判断状态
    .meaning = 签发时为真；本机没有对应的状态名单。
    .action = 请联网取得状态名单后再查。
qr-status-too-old = 现在还不能判断状态
    .meaning = 签发时为真；本机的状态名单截至{$as_of}，已经过时。
    .action = 请联网更新状态名单后再查。
qr-status-unknown = 现在还不能判断状态
    .meaning = 签发时为真；状态名单里的标记本程序不认识。
    .action = 请在线查询。
qr-foreign-host = 此码指向{$host}，不是官方地址{$official}。请只相信官方地址显示的结果。

## 不能判断或不成立的原因（ETSI EN 319 102-1 的用语）

sub-format-failure = 签名的格式不符合规定
sub-hash-failure = 签名与内容对不上
sub-sig-crypto-failure = 签名与签名证书对不上
sub-sig-constraints-failure = 不符合本平台的核验规则
sub-chain-constraints-failure = 证书链不符合本平台的核验规则
sub-certificate-chain-general-failure = 证书链无法验证
sub-crypto-constraints-failure = 所用算法已不再可信
sub-crypto-constraints-failure-no-poe = 所用算法已不再可信，且无法证明签署时间
sub-expired = 签署时证书已过期
sub-not-yet-valid = 签署时证书尚未生效
sub-revoked = 签署时证书已被吊销
sub-revoked-no-poe = 证书已被吊销，且无法证明签署在吊销之前
sub-revoked-ca-no-poe = 签发机构的证书已被吊销，且无法证明签署在吊销之前
sub-out-of-bounds-no-poe = 证书已过期，且无法证明签署时间
sub-no-certificate-chain-found = 不认识签发机构
sub-no-signing-certificate-found = 找不到签名证书
sub-try-later = 暂时查不到证书状态

## 签发之后的变化

changes-validation-data = 签发之后只增加了验证用的数据
changes-permitted = 签发之后只有允许的变化
changes-unknown = 无法判断签发之后有没有变化
change-marked = {$permission}：{$change}
permission-validation-data = 验证用数据
permission-permitted = 允许
permission-not-permitted = 不允许
permission-unparsable = 无法解读

## 两项都好

both-good = 文件真实，证照有效
    .meaning = 由{$signer}于{$time}签发，此后内容没有变化；登记信息显示现在有效。
    .meaning_stated = 由{$signer}签发，此后内容没有变化；登记信息显示现在有效。签发时间自称为{$time}，没有证据证明。
    .meaning_undated = 由{$signer}签发，此后内容没有变化；登记信息显示现在有效。何时签发，没有证据证明。
    .action = 可以使用。请核对姓名、编号与眼前的人和物是否一致。

## The receipt
receipt-title = 核验回执
receipt-reason = 核验系统自动出具的核验回执
receipt-number = 回执编号
receipt-made = 出具时间
receipt-made-by = 出具单位
receipt-file = 被核验的文件
receipt-file-name = 文件名（提交者所报）
receipt-licence = 证照登记信息
receipt-state-as-of = 登记系统在 {$time} 的答复；以后的变化请重新核验。
receipt-open-ended = 长期
receipt-signature = 签名 {$number}
receipt-document-time-stamp = 文档时间戳 {$number}
receipt-conclusion = 结论
result-unlisted-changes = 还有至少 {$count} 处改动未逐一列出。
receipt-more-changes = 另有 {$count} 处改动，见附件 report.json。
receipt-replay = 复核依据
receipt-how = 如何使用本回执
receipt-how-file = 请计算手中文件的 SHA-256 或 SM3，与上面的摘要完全一致，才是本回执所指的文件；文件名不能证明任何事情。
receipt-how-receipt = 本回执带有核验系统的电子签名和时间戳，可在 {$address} 或用其他 PDF 阅读软件验证。
receipt-how-again = 附件 report.json 是完整的机器可读报告。持有文件、报告和上列材料的任何人，都可以按报告中的时间重新判定，并得出同样的结果。
receipt-what-it-is = 本回执由程序自动出具，只说明上述文件在判定时刻的核验结果；它不是证照，不代替原文件，也不是任何机关的审批意见。
receipt-pictures-what = 逐页列出有变化的页面在签署时和现在的样子，橙色框标出不同的地方。签名只证明签署时的样子。对照图由核验系统绘制，不影响结论。
receipt-pictures-none = 没有可以对照的页面：签署之后没有看得见的改动，或者从文件里看不出签署时的样子。
receipt-pictures-signed = 第 {$page} 页  签署时
receipt-pictures-now = 第 {$page} 页  现在
receipt-pictures-remark = 对照图说明
receipt-cut = 以下从略，完整内容见附件 report.json。
