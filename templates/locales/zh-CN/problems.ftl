# 出了什么问题、违反了哪条规则、怎么改。键为 problem-代码。

problem-without-text = 请求被拒绝（代码 {$code}）

## 一般

problem-internal = 服务内部出错，未作任何改动；请稍后再试，仍不成功请联系管理员
problem-unavailable = 服务暂时不可用，未作任何改动；请稍后再试
problem-not-authenticated = 需要有效的访问令牌
problem-denied-scope = 此令牌没有“{$scope}”权限
problem-denied-authority = 此令牌不能代表机构 {$authority}
problem-denied-operator-only = 只有平台运维人员可以这样做
problem-denied-two-officers = 已登记 CA 管理员：此操作须由一名管理员提议、另一名管理员批准
problem-not-found = 没有找到 {$key}
problem-already-exists = {$key} 已经存在
problem-state-changed = {$key} 的状态刚被他人改变：应为“{$expected}”，现为“{$found}”；请刷新后重试
problem-other-content = {$key} 已用于另一份内容；请换一个键
problem-idempotency-key-taken-over = 幂等键 {$key} 的上一次请求已由另一处接手；请用同一个键重试
problem-too-large = 内容为 {$bytes} 字节，超过 {$limit} 字节的上限
problem-token-without-scope = 令牌至少要有一项权限
problem-random-failed = 操作系统的随机数来源出错，未作任何改动
problem-config-file = 无法读取配置文件 {$file}：{$reason}
problem-config-syntax = 配置文件 {$file} 有错：{$reason}
problem-config-public-url = 对外地址“{$value}”不是 https 地址

problem-public-address-unusable = 对外地址不能用于二维码：{$reason}
problem-font-unusable = 字体文件无法使用：{$reason}
problem-licence-type-unusable = 证照类型有错：{$reason}

## 申请表

problem-type-unknown = 没有“{$value}”这种证照类型
problem-type-other = 申请的是“{$value}”，这里只办理“{$expected}”
problem-field-unknown = 这种证照没有此项
problem-field-required = 此项必填
problem-text-too-long = 有 {$count} 个字，最多 {$limit} 个字
problem-text-forbidden-character = 含有不能使用的字符 {$character}
problem-pattern-mismatch = “{$value}”不符合规定的格式
problem-value-not-listed = “{$value}”不在可选范围内；可选：{$allowed}
problem-date-form = “{$value}”不是日期；请写成 2026-03-05
problem-date-impossible = “{$value}”这一天不存在
problem-integer-form = “{$value}”不是整数
problem-decimal-form = “{$value}”不是数，或小数超过 {$limit} 位
problem-money-form = “{$value}”不是金额；请以元为单位，最多两位小数
problem-phone-form = “{$value}”不是电话号码
problem-region-form = “{$value}”不是行政区划代码
problem-document-number-form = “{$value}”不是证件号码
problem-holder-category-not-allowed = 这种证照不能发给“{$value}”；可以发给：{$allowed}
problem-holder-category-contradicts-code = 持证主体类别与代码不符；按代码应为“{$expected}”
problem-holder-code-type-not-allowed = 这种证照不接受代码类型“{$value}”；可用：{$allowed}
problem-number-check-character = 编号“{$value}”的校验位不对，应为 {$expected}
problem-number-not-holder-code = 编号“{$value}”与持证主体的代码不一致
problem-number-region = 编号中的 {$digits} 不是行政区划代码
problem-number-date = 编号中的 {$digits} 不是日期
problem-number-contradicts-field = 编号与另一项不一致；按那一项应为“{$expected}”
problem-field-contradicts-holder-code = 与持证主体的代码不一致；按代码应为“{$expected}”
problem-dates-reversed = 有效期止于“{$value}”，早于起始日 {$expected}
problem-expired-before-issue = 有效期止于“{$value}”，早于签发日 {$expected}
problem-issued-in-future = 签发日“{$value}”晚于今天 {$expected}
problem-end-not-allowed = 这种证照没有截止日期，不应填写“{$value}”
problem-end-not-by-rule = 截止日期“{$value}”不符合规定，应为 {$expected}
problem-end-too-late = 截止日期“{$value}”超过最长期限，最晚为 {$expected}
problem-serial-form = 流水号“{$value}”只能是数字和大写字母
problem-photo-as-text = 照片不能作为文字填写
problem-photo-encoding = 照片不是 Base64 编码
problem-photo-format = 照片不是 JPEG 图片
problem-photo-too-large = 照片有 {$count} 字节，最多 {$limit} 字节
problem-photo-missing = 这种证照需要照片
problem-photo-unusable = 照片无法使用：{$detail}
problem-photo-file-missing = 没有名为“{$value}”的照片文件

## 批量导入

problem-import-empty = 文件里没有可导入的行
problem-import-too-long = 文件有 {$count} 行，一次最多导入 {$limit} 行
problem-import-encoding = 文件既不是 UTF-8 也不是 GB 18030 编码
problem-import-unreadable = 无法读取这一行：{$reason}
problem-import-columns = 表头缺少 {$missing} 列
problem-import-row-length = 这一行有 {$count} 列，表头有 {$expected} 列
problem-authority-malformed = 签发机构的代码不对：{$reason}

## 代码和标识

problem-credit-code-length = 统一社会信用代码“{$value}”有 {$count} 位，应为 18 位
problem-credit-code-character = 统一社会信用代码“{$value}”含有不能使用的字符“{$character}”
problem-credit-code-check-character = 统一社会信用代码“{$value}”的校验码不对，应为 {$expected}
problem-organisation-code-check-character = 统一社会信用代码“{$value}”中组织机构代码的校验码不对，应为 {$expected}
problem-resident-id-form = “{$value}”不是 18 位公民身份号码
problem-resident-id-region = 公民身份号码“{$value}”开头的 {$province} 不是省级代码
problem-resident-id-birth-date = 公民身份号码“{$value}”中的 {$date} 不是出生日期
problem-resident-id-check-character = 公民身份号码“{$value}”的校验码不对，应为 {$expected}
problem-identifier-root = 证照标识“{$value}”应以 1.2.156.3005.2 开头
problem-identifier-parts = 证照标识“{$value}”在根代码之后有 {$count} 段，应为 5 段
problem-identifier-type-code = 证照标识中的类型代码“{$value}”不对
problem-identifier-issuer = 证照标识中的签发机构“{$value}”既不是统一社会信用代码，也不是行政区划代码
problem-identifier-serial = 证照标识中的流水号“{$value}”应为 1 至 40 位数字和大写字母
problem-identifier-version = 证照标识中的版本号“{$value}”应为 001 起的三位数字
problem-identifier-check-character = 证照标识的校验位“{$value}”不对，应为 {$expected}
problem-identifier-versions-exhausted = 第 999 版之后不能再有新版本
problem-identifier-already-issued = 证照标识 {$value} 已经签发过
problem-number-already-used = 编号“{$value}”已用于流水号为 {$serial} 的证照

problem-verification-code-malformed = 核验码应为 8 位字母和数字，没有 0、O、1、I、L

## 状态

problem-transition-not-from-state = 状态为“{$state}”的证照不能{$transition}
problem-transition-not-entitled = {$role}无权{$transition}证照
problem-reason-empty = 需要填写理由，但没有填写
problem-reason-required = {$transition}必须说明理由
problem-reason-too-long = 理由有 {$count} 个字，最多 {$limit} 个字
problem-authority-level = 这一级机构（{$level}）不能签发“{$type}”
problem-authority-not-entitled = {$authority}无权签发{$type}
problem-authority-without-seal = 机构 {$authority} 没有可用的印章

## 数据记录

problem-record-too-large = 证照数据有 {$count} 字节，最多 {$limit} 字节
problem-record-not-canonical = 证照数据不是规范形式的 JSON：{$reason}
problem-record-member = 证照数据有一项不对：{$reason}
problem-record-contradiction = 证照数据自相矛盾：为“{$value}”，应为“{$expected}”

## 照面

problem-character-without-font = 没有字体能显示“{$character}”
problem-text-too-long-for-face = {$characters} 个字在宽 {$width_mm} 毫米、{$lines} 行的栏内排不下
problem-value-without-box = 照面上没有这一项的位置
problem-metadata-undeclared = 模板没有声明元数据项 {$name}
problem-qr-code = 无法制成二维码：{$detail}
problem-template = 照面模板有错：{$detail}
problem-template-art = 照面底图有错：{$detail}

## 二维码文字

problem-code-too-long = 文字超过 {$limit} 位数字，不是证照二维码
problem-code-cut-short = 二维码文字不完整；请重新扫描整个码
problem-code-not-ours = 这不是证照二维码
problem-code-damaged = 二维码文字有错；请重新扫描
problem-code-malformed = 二维码的内容不符合规定
problem-code-not-canonical = 二维码的内容不是规定的唯一写法
problem-code-version-unsupported = 二维码的版本 {$value} 比本程序新；请更新程序
problem-code-algorithm-unsupported = 本程序不支持二维码的签名算法 {$value}
problem-code-issuer-unknown = 不认识签发此码的密钥 {$key}；请更新签发机构名单
problem-code-signature-invalid = 二维码的签名不成立，内容不可信
problem-code-key-period = 二维码所称的签发时间不在其密钥的使用期内
problem-code-host = “{$value}”不能作为二维码的主机名
problem-code-too-large = 二维码需要 {$bits} 位，超过第 13 版的容量
problem-code-signing-failed = 二维码未能签名

## PDF

problem-pdf-source-failed = 读取文件时出错；请重新上传
problem-pdf-not-a-pdf = 这不是 PDF 文件
problem-pdf-encrypted = PDF 文件加了密码，无法查验；请提供没有密码的原文件
problem-pdf-too-complex = PDF 文件过于复杂，超过 {$limit} {$unit}的上限
problem-pdf-damaged = PDF 文件已损坏：{$detail}

## 印章和签名

problem-seal-malformed = 印章数据不符合 GB/T 38540：{$structure}
problem-seal-version = 不支持印章版本 {$version}
problem-seal-text = 印章数据中的“{$value}”不合要求：{$rule}
problem-seal-dates = 印章有效期止于 {$valid_until}，不晚于起始时间 {$valid_from}
problem-seal-without-signers = 印章没有列出任何签章者
problem-seal-too-large = 印章的 {$what} 为 {$found}，超过上限 {$limit}
problem-seal-key = 印章需要 SM2 密钥，不能用 {$algorithm}
problem-seal-certificate-of-other-key = 证书与签章密钥不是一对
problem-seal-algorithm = 不支持印章的签名算法 {$algorithm}
problem-seal-not-yet-valid = 印章自 {$valid_from} 起才能使用
problem-seal-expired = 印章已于 {$valid_until} 到期
problem-seal-signer-not-listed = 签章者不在印章列出的签章者之中
problem-seal-not-usable = 印章不能使用
problem-seal-revoked = 印章 {$seal} 已于 {$since} 撤销
problem-seal-suspended = 印章 {$seal} 自 {$since} 起停用
problem-seal-of-another-organisation = 印章属于 {$owner}，签名者是 {$signer}，签章者是 {$sealer}；三者必须相同
problem-seal-design = 印章式样 {$name} 有错：{$problem}
problem-seal-size = 没有 {$value} 毫米的印章式样
problem-seal-text-without-place = 此印章式样没有“{$what}”的位置
problem-seal-text-too-long = 印章上的“{$place}”有 {$count} 个字，排不下
problem-seal-code = 印章编码“{$value}”应为 13 位数字
problem-signer-certificate-not-valid = {$subject} 的证书有效期为 {$not_before} 至 {$not_after}，{$at} 时不能签名
problem-signer-key-usage = {$subject} 的证书不能用于签名
problem-signer-revoked = {$subject} 的签名证书已被吊销
problem-signing-failed = 未能签名，未作任何改动
problem-time-stamp-failed = 未能取得时间戳，未作任何改动
problem-time-stamp-unusable = 时间戳无法使用：{$reason}
problem-time-stamp-not-trusted = 时间戳的签发机构不可信，签署时间没有证明
problem-document-unreadable = 无法读取文件
problem-document-structure = 要签名的文件缺少 {$part}
problem-document-not-extendable = 无法在文件后面添加签名
problem-document-not-from-start = 文件内容从第 {$offset} 字节才开始，前面有别的数据；请用原文件，或另存为新的 PDF 再盖章
problem-document-tail = 文件末尾有不属于文件内容的数据；请另存为新的 PDF 再盖章
problem-document-javascript = 文件带有脚本，显示的内容可能变化，不能盖章；请打印成新的 PDF 再盖章
problem-document-hidden-layers = 文件有隐藏或按场合显示的图层，不能盖章；请打印成新的 PDF 再盖章
problem-document-otherwise-on-paper = 文档的对象 {$object} 只在屏幕上或只在打印时可见：签章的内容在两者上应当一致
problem-document-changes-in-use = 文档的对象 {$object} 在打开或使用时会改变显示的内容
problem-document-rests-outside = 文档的对象 {$object} 显示其他文件中的内容，或启动文档之外的程序、网址
problem-document-undrawn-values = 表单把填写值的显示交给各阅读程序（NeedAppearances），在别处可能显示不同；请先打印成 PDF 再签章
problem-document-second-catalogue = 文件里还藏着另一份文档结构，不能盖章；请打印成新的 PDF 再盖章
problem-document-second-page-tree = 文件里还藏着另一组页面，不能盖章；请打印成新的 PDF 再盖章
problem-document-beyond-size = 文件的对象数目与实际不符，不同的阅读程序会看到不同的内容；请另存为新的 PDF 再盖章
problem-document-read-otherwise = 另一个阅读程序打不开文件，或看到的内容不同（{$reason}），不能盖章；请另存为新的 PDF 再盖章
problem-document-xfa = 文件是 XFA 动态表单，不能盖章；请打印成新的 PDF 再盖章
problem-document-certified-no-changes = 文件已经认证，认证不允许再作任何改动，因此不能再签名
problem-document-certified-fields-only = 文件已经认证，只能在原有的签名域里签名，不能新加签名
problem-batch-too-large = 一批不能有 {$count} 份文件；最多 {$limit} 份
problem-document-not-alone = 这里一次只盖一份文件，收到了 {$count} 份；多份文件请按批次提交
problem-certification-not-first = 文件已经有签名；认证签名必须是第一个签名
problem-file-failed = 文件 {$file}：{$reason}
problem-validation-data-missing = 取不到判断 {$subject} 的证书所需的上级证书或有效的吊销列表，不能达到 B-LT；可先用 yinxin trust import 或 B-T
problem-extension-level = 不能把已有的签名提升到 {$value}，可以选 b-t、b-lt、b-lta
problem-extension-needless = 每个签名都已有时间戳，无需再加
problem-signature-unreadable = 文件里的签名无法读取：{$reason}
problem-time-stamp-source = 外部时间戳服务 {$address} 未给出可用的时间戳：{$reason}
problem-time-stamp-source-unreadable = 外部时间戳服务 {$address} 的应答无法读取
problem-time-stamp-source-refused = 外部时间戳服务 {$address} 拒绝签发时间戳：{$reason}
problem-time-stamp-source-other-digest = 外部时间戳服务 {$address} 盖的不是所请求的内容，未予采用
problem-time-stamp-source-other-nonce = 外部时间戳服务 {$address} 应答的不是本次请求，可能是旧的时间戳，未予采用
problem-time-stamp-source-unverified = 外部时间戳服务 {$address} 的时间戳与其中的证书不符，未予采用：{$reason}
problem-seal-places-after-signature = 文件已经有签名，后来的印章只能盖在一处，不能盖 {$count} 处：在其他页上再加印记会使前面的签名失效
problem-signature-field-locked = 签名域 {$name} 已被 {$by} 中的签名锁定
problem-signature-field-unknown = 文件没有名为 {$name} 的签名域
problem-signature-field-filled = 签名域 {$name} 已经签过名
problem-signature-field-placed = 签名域 {$name} 有自己的位置，不能再指定其他位置
problem-signature-field-too-large = 第 {$page} 页的空签名域“{$name}”为 {$width} 毫米 × {$height} 毫米，大于印章：以后在其中签名的人可能遮盖现在签章的内容；请在该域签章，或将其缩小
problem-signature-field-too-small = 签名域 {$name} 只有 {$width} × {$height} 毫米，放不下原大的印章
problem-signature-field-seed = 签名域 {$name} 要求的签名方式这里不提供：/{$entry}
problem-page-missing = 没有第 {$page} 页，文件共有 {$pages} 页
problem-seal-places-too-many = 盖章位置超过 {$limit} 处，请使用更长的关键字或减少页数
problem-seal-every-zero = 每 0 页盖一枚没有意义，请填 1 或更大的数，或不填
problem-keyword-not-found = 所查的页上“{$text}”只有 {$found} 处，找不到要盖章的位置；扫描件没有文字，请用坐标
problem-seal-outside-page = 印章会超出第 {$page} 页，该页可见部分为 {$width} × {$height} 毫米

problem-seal-picture = 印章图样无法生成：{$reason}
problem-seal-unreadable = 无法读取电子印章
problem-seal-not-valid = 电子印章的签名不成立
problem-seal-certificate-not-trusted = 电子印章的证书不可信
problem-seal-not-in-use = 签署时印章 {$seal} {$state}

## 查验

problem-too-many-signatures = 文件有 {$count} 个签名，超过可核验的 {$limit} 个，均未核验
problem-validation-checks-beyond-limit = 为查找证书的签发者和吊销列表，此文档需要的签名核验次数超过单个文档的上限 {$limit}
problem-validation-addresses-beyond-limit = 文档中的证书所列的地址超过单个文档可查询的 {$limit} 个
problem-evidence-beyond-limit = 文件所带的证书和吊销数据超出单个文件的读取上限，超出部分未读取
problem-document-unsigned = 文件没有电子签名，页面上的印章只是图片
problem-document-time-stamped-only = 文件只有时间戳，没有签名：不能证明由谁签发
problem-document-tail-unreadable = 从第 {$from} 字节起有无法读取的内容，其中可能有签名，因此不能说文件没有签名
problem-readers-disagree-file = 另一个阅读程序打不开此文件（{$reason}）：不是每个程序显示的都是签名时的文件
problem-readers-disagree-pages = 两个阅读程序看到的页数不同：一个 {$ours} 页，另一个 {$theirs} 页
problem-readers-disagree-page = 两个阅读程序看到的第 {$page} 页内容不同
problem-readers-disagree-signature = 两个阅读程序在对象 {$object} 中看到的签名不同
problem-readers-disagree-hidden-file = 文件对旧版阅读程序隐藏了对象，旧版程序无法显示此文件
problem-readers-disagree-hidden-pages = 文件对旧版阅读程序隐藏了对象：旧版程序看到 {$theirs} 页，其他程序看到 {$ours} 页
problem-readers-disagree-hidden-page = 文件对旧版阅读程序隐藏了对象：旧版程序看到的第 {$page} 页内容不同
problem-readers-disagree-hidden-signature = 文件对旧版阅读程序隐藏了对象：旧版程序在对象 {$object} 中看到另一个签名或没有签名
problem-digests-beyond-limit = 文件中各签名覆盖的字节总数超过单个文件可计算摘要的上限（文件长度另加 {$limit} 字节），此签名未核验
problem-document-digest-differs = 内容在签名之后被改动过
problem-signature-range = 签名没有按规定覆盖文件的内容
problem-signature-dictionary-replaced = 签名的说明在签名之后被替换过
problem-signature-form-unsupported = 暂不支持这种签名形式（{$form}）
problem-signature-contents = 签名数据无法读取
problem-signature-message = 签名数据的结构不符合规定
problem-signature-fault = 签名的属性不符合规定
problem-signature-mismatch = 签名与签名证书对不上
problem-signer-certificate-unreadable = 签名证书无法读取
problem-algorithm-unsupported = 暂不支持此签名算法
problem-algorithm-not-trusted = 签名所用的 {$algorithm} 自 {$ended} 起不再可信，且没有证据表明签名在此之前
problem-algorithms-disagree = 签名算法（{$algorithm}）与内容摘要所用的算法不一致
problem-note-announced-digests = 签名数据开头列出的摘要算法与实际所用的不一致
problem-note-archive-attribute = 签名带有归档用的属性 {$attribute}，PDF 签名本应放在文件的验证数据区，未采用
problem-note-attached-content = 签名数据内附有被签内容或其摘要
problem-note-attribute-order = 签名属性没有按规定的次序排列
problem-note-ber = 签名数据用 BER 而不是 DER 编码
problem-note-certificate-elsewhere = 签名证书不在签名数据内，取自文件的验证数据区
problem-note-certificate-id-v1 = 签名用 SHA-1 指明签名证书（旧式写法）
problem-note-identifier = 签名数据所写的证书颁发者与序列号（或密钥标识）不是签名证书的
problem-note-keyed-digest-name = SM3 写成了带密钥的 SM3（HMAC）的标识
problem-note-mixed-content-types = PKCS#7 与 GB/T 35275 的内容类型混用
problem-note-no-certificate-id = 签名没有指明签名证书，按颁发者与序列号查找
problem-note-no-signed-attributes = 签名没有签名属性，直接对内容签名
problem-note-raw-signature = SM2 签名值写成 r‖s，没有用 DER 编码
problem-note-seal-octet-string = 印章数据中 {$name} 应为比特串，写成了八位字节串
problem-note-seal-property = 印章用自己的方式说明保护范围（{$property}）
problem-note-seal-raw-signature = {$name} 的签名值写成 r‖s，没有用 DER 编码
problem-note-seal-versions = 签章写的版本是 {$signature}，印章的版本是 {$seal}
problem-note-signing-time = 签名数据内另写了签名时间
problem-note-unsigned-attribute = 签名带有未经签名的属性 {$attribute}
problem-note-version = 签名数据的版本号与内容不符
problem-signer-unknown = 不知道是谁签的
problem-signer-is-not-issuer = 签名者 {$signer} 不是证照的签发机关 {$issuer}
problem-seal-owner-is-not-issuer = 印章属于 {$owner}，而签发机关是 {$issuer}
problem-signer-has-another-name = 签名证书属于 {$signer}，而证照写明的签发机关是 {$issuer}
problem-own-body-certified-elsewhere = {$issuer} 是本地的机构，其签章须由本地的认证机构作保；此文件的签名证书却出自 {$authority}
problem-issuer-not-entitled = {$issuer} 无权签发 {$type} 类证照
problem-licence-without-seal = 证照上没有签发机关的电子印章
problem-licence-data-disagree = 照面、数据和二维码互不一致
problem-licence-not-as-issued = 文件与本平台签发的形式不同，请索取原文件
problem-licence-record-unreadable = 文件中的证照数据无法读取
problem-not-in-register = 登记系统中没有与这些数据一致的 {$identifier}
problem-register-disagrees = 文件中的数据与登记系统中 {$identifier} 的数据不一致
problem-code-of-another-licence = 二维码属于另一份证照：应为 {$expected}，码中为 {$found}

## 密钥

problem-key-not-found = 没有名为 {$name} 的密钥
problem-key-exists = 名为 {$name} 的密钥已经存在
problem-key-name = “{$name}”不能作为密钥名
problem-key-wrong-passphrase = 密钥 {$name} 的口令不对
problem-key-damaged = 密钥 {$name} 的文件已损坏
problem-key-loose-mode = 密钥文件 {$file} 的权限为 {$mode}，必须只有所有者可读
problem-key-no-passphrase = 没有给出密钥口令；请设置 {$variable}
problem-key-file = 无法读写密钥文件 {$file}：{$reason}
problem-key-foreign = 无法导入密钥文件 {$file}：{$reason}
problem-key-other = 以 {$name} 为名保存的密钥不是所约定的密钥
problem-key-unusable = 密钥 {$name} 不能使用：{$reason}
problem-token-absent = 存放密钥的设备不在线：{$reason}
problem-token-not-configured = 密钥在设备中，而配置里没有设备
problem-token-unusable = 设备中的密钥不能使用：{$reason}

## 证书的签发和吊销

problem-certificate-alternative-name = 证书模板“{$profile}”不允许“{$value}”这种备用名称
problem-certificate-subject-part = 证书模板“{$profile}”要求主体有此项
problem-profile-delivered = 模板 {$name} 与自带的模板同名
problem-profile-of-authorities = 模板 {$name} 用于认证机构；认证机构须由两人设立或承认，不按申请签发
problem-certificate-subject-unwritable = 主体名称无法写入证书：{$reason}
problem-certificate-outside-issuer-validity = 证书自 {$not_before} 起，而签发机构的证书止于 {$issuer_not_after}
problem-certificate-key-refused = 不接受这个公钥：{$reason}
problem-certificate-rule = 证书违反 {$clause}：{$rule}
problem-certificate-of-authority = 证书 {$serial} 属于认证机构，须由两名人员撤销（revoke-ca）
problem-certificate-of-no-authority = 证书 {$serial} 不属于认证机构（revoke-certificate）
problem-organisation-without-code = 单位名称与统一社会信用代码须同时给出，或都不给出
problem-name-constraint-syntax = “{$value}”不能用作名称约束：{$cause}
problem-certified-name-excluded = “{$value}”位于 {$authority} 不得认证的名称子树之内（RFC 5280 第 4.2.1.10 节 excludedSubtrees）
problem-certified-name-not-permitted = “{$value}”不在 {$authority} 可以认证的任何名称子树之内（RFC 5280 第 4.2.1.10 节 permittedSubtrees）
problem-certified-name-incomparable = “{$value}”无法与 {$authority} 可以认证的名称比较（RFC 5280 第 4.2.1.10 节）
problem-ca-depth-used-up = 此处不能再设下级认证机构：{$authority} 的路径长度 {$limit} 已经用尽（RFC 5280 第 4.2.1.9 节）
problem-ca-path-length = 路径长度 {$value} 超过 {$authority} 所余的 {$limit}（RFC 5280 第 4.2.1.9 节）
problem-ca-policy-syntax = “{$value}”不是策略的对象标识符
problem-ca-policy-wider = {$authority} 不按策略 {$value} 认证，其下级认证机构不能具有该策略（RFC 5280 第 4.2.1.4 节）
problem-ca-names-wider = “{$value}”超出 {$authority} 自身可以认证的名称，其下级认证机构不能允许它（RFC 5280 第 4.2.1.10 节）
problem-ca-terms-of-root = 路径长度、策略和名称由上级认证机构给定；根认证机构没有上级
problem-certificate-not-issued = 证书没有签发：{$reason}
problem-request-unreadable = 证书申请无法读取：{$reason}
problem-request-possession = 申请没有证明持有其密钥：{$reason}
problem-request-key-weak = 申请中的密钥强度不足：{$reason}
problem-request-key-encoding = 申请中的公钥编码不规范：请以标准的算法标识和非压缩点重新生成申请
problem-request-authority-name = 名称“{$name}”属于证书机构
problem-request-extension = 证书模板“{$profile}”不允许申请中的内容：{$extension}
problem-request-key-reused = 这个密钥已为另一主体签发过证书
problem-request-other-subject = 申请的主体不是证书的主体 {$subject}
problem-request-same-key = 申请中仍是旧密钥，请改用续期
problem-certificate-not-renewed-revoked = 证书 {$serial} 已吊销或暂停，不能续期
problem-certificate-not-renewed-authority = 证书 {$serial} 属于证书机构，须由两人办理
problem-subject-unusable = 证书主体无法使用：{$reason}
problem-ca-suite-differs = 上级机构 {$parent} 用的不是 {$value} 算法
problem-revocation-reason = 这类证书不能以“{$value}”为由吊销
problem-revocation-invalidity-date = 失效时间 {$value} 晚于吊销时间 {$revoked_at}

## 交叉证书

problem-cross-unreadable = 这既不是证书也不是证书申请：{$reason}
problem-cross-not-valid-now = {$subject} 的证书有效期为 {$not_before} 至 {$not_after}，现在无效
problem-cross-weak-key = 不接受 {$subject} 的密钥：{$reason}
problem-cross-possession = 对方没有证明持有该密钥：{$reason}
problem-cross-no-name = 对方机构的证书没有名称
problem-cross-own-key = 这个密钥是本方 {$subject} 的密钥
problem-cross-own-name = 名称 {$name} 属于本方的名称空间 {$own}，不能为他方签发
problem-cross-own-body = 名称 {$name} 会被误认为本方机构，不能为他方签发
problem-cross-overlap = 名称 {$name} 与合作方“{$partner}”的 {$other} 重叠
problem-cross-policy = “{$value}”不是策略的对象标识符
problem-cross-no-policy = 至少要写明一项策略，否则什么也不认可
problem-cross-any-policy = “任意策略”既不能认可也不能映射
problem-cross-mapping-of-other = 策略 {$value} 被映射，但不在约定的策略之中
problem-cross-too-many = 约定中有一项列出了 {$count} 条，最多 {$limit} 条
problem-cross-validity = 交叉证书的有效期为 1 至 {$limit} 天，不能是 {$value} 天
problem-cross-path-length = 之下不能再有 {$value} 层机构，此处最多 {$limit} 层
problem-cross-not-for-us = 这张证书不是签给 {$subject} 及其密钥的
problem-cross-not-by-partner = 这张证书不是 {$partner} 签发的：{$reason}
problem-cross-partner-name = “{$value}”不能用作合作方简称：应为 1 至 {$limit} 个字，首尾无空白
problem-cross-recognised = 交叉证书 {$value} 的机构在互认名录中登记为“{$entity}”：请在名录中撤销或暂停（yinxin trust withdraw、yinxin trust suspend），该证书将一并处理；只有原因“superseded”可单独吊销证书
problem-cross-not-granted = 该机构在互认名录中登记为“{$entity}”，状态为 {$status}：恢复承认后才能签发交叉证书
problem-cross-not-revoked-here = {$value} 是交叉证书，吊销须由两人办理（yinxin ca cross revoke）

## 证书路径

problem-no-path = {$subject} 的证书由 {$issuer} 签发，不在认可的机构之列
    .action = 补上中间签发机构的证书，或者认可签发它的机构。
problem-certificate-signature-mismatch = {$subject} 的证书不是 {$issuer} 签的
    .action = 请向持有者重新索取证书，向签发机构重新索取其证书：其中之一是假的或属于另一密钥。
problem-certificate-algorithm-unsupported = {$subject} 的证书所用的算法不受支持：{$cause}
    .action = 请索取使用 ECDSA（P-256、P-384）、RSA、Ed25519 或 SM2 的证书。
problem-validation-budget-exhausted = 证书过多，验证在 {$limit} 次之后停止（{$what}）
    .action = 请只提供与其路径有关的证书。
problem-not-an-authority = {$subject} 不是证书签发机构
    .action = 请勿信赖：签发它的主体无权签发证书。
problem-may-not-sign-certificates = {$subject} 的密钥不能签发证书
    .action = 请勿信赖：签发者的密钥不是用来签发证书的。
problem-path-too-long = {$subject} 之下的层数超过其允许的 {$limit} 层
    .action = 请询问上级机构是否允许下级机构再设机构。
problem-critical-extension = {$subject} 的证书有不认识的关键扩展 {$extension}
    .action = 在此请勿信赖；较新的程序可能认识此扩展。
problem-weak-algorithm = {$subject} 的证书所用的 {$algorithm} 自 {$ended} 起不再可信
    .action = 请索取使用现行算法的证书。
problem-authority-not-recognised = {$anchor} 在 {$at} 未被认可用于“{$service}”
    .ended = {$anchor} 自 {$ended} 起不再被认可用于“{$service}”，而签名在此之后（{$at}）
    .ended_unproven = {$anchor} 自 {$ended_unproven} 起不再被认可用于“{$service}”，没有证据表明签名在此之前
    .action = 请查看互认名单；撤回之前签的内容须有时间戳证明。
problem-time-stamping-withdrawn = 时间戳由 {$anchor} 签发，对它的认可已终止（{$status_reason}，自 {$since} 起），其时钟可能被倒拨；没有其他证据表明此时间戳在此之前
    .action = 请勿信赖此时间；须有仍被认可的机构在此之前所签的时间戳证明。
problem-time-stamping-suspended = 时间戳由 {$anchor} 签发，对它的认可暂停（{$status_reason}，自 {$since} 起），其时钟可能被倒拨；没有其他证据表明此时间戳在此之前
    .action = 请等互认名单公布核查结果后再验；或以其他机构在此之前所签的时间戳证明。
problem-wrong-key-usage = {$subject} 的证书不能用于“{$usage}”
    .action = 请使用为此签发的证书。
problem-wrong-purpose = {$subject} 的证书不是用于“{$purpose}”的
    .action = 请使用为此签发的证书。
problem-certificate-not-yet-valid = {$subject} 的证书自 {$not_before} 起有效，{$at} 时尚未生效
    .action = 请等到生效之后，并检查时钟是否准确。
problem-certificate-expired = {$subject} 的证书于 {$not_after} 到期，{$at} 时已失效
    .action = 请索取续期后的证书；到期之前签的内容须有时间戳证明。
problem-no-revocation-data = 暂时查不到 {$subject} 的证书状态：{$why}
    .action = 请取得其签发机构的吊销列表后再试。
problem-stale-revocation-data = {$subject} 的证书状态信息已过时，应在 {$next_update} 之前更新
    .action = 请取得最新的吊销列表后再试。
problem-certificate-on-hold = {$subject} 的证书自 {$since} 起暂停使用
    .action = 现在请勿信赖；请询问签发机构何时恢复。
problem-certificate-not-proven = {$subject} 的证书所依据的信任只到 {$at} 为止，没有证据表明该证书当时已经存在
    .action = 应在其所依据的一切仍然有效时，以文档时间戳加以保存。
problem-revocation-data-not-proven = {$subject} 的证书所依据的信任只到 {$at} 为止，没有证据表明当时已有说明其有效的状态信息
    .action = 应在其所依据的一切仍然有效时，以文档时间戳加以保存。
problem-certificate-revoked = {$subject} 的证书已于 {$since} 因{$reason}被撤销；没有证据表明签名在此之前
    .action = 请勿信赖；请向持有者索取新证书。
problem-certificate-revoked-before = {$subject} 的证书已于 {$since} 因{$reason}被撤销；签名在此之后（{$proven_at} 起才有证明）
    .action = 请勿信赖；请向持有者索取新证书。
problem-certificate-revoked-later = {$subject} 的证书在签名之后才于 {$since} 因{$reason}被撤销，不影响此签名（{$proven_at} 已有证明）
    .action = 不必处理：此前所签仍然有效。
problem-authority-withdrawn-later = {$anchor} 自 {$until} 起不再被认可；此签名在此之前（{$proven_at} 已有证明），不受影响
    .action = 不必处理：此前所签仍然有效。
problem-name-excluded = {$subject} 的证书中的名称 {$name} 被排除在 {$authority} 的签发范围之外
    .action = 请勿信赖，并告知签发机构：它签发了不归它管的名称。
problem-name-not-permitted = {$subject} 的证书中的名称 {$name} 不在 {$authority} 可签发的名称范围之内
    .action = 请勿信赖，并告知签发机构：它签发了不归它管的名称。
problem-body-not-permitted = {$subject} 的证书所写机构（统一社会信用代码“{$code}”）不在 {$authority} 可认证的地区之内
    .action = 请勿信赖，并告知签发机构：它认证了不归它管的机构。
problem-body-of-others = {$subject} 的证书所写机构（统一社会信用代码 {$code}）在 {$authority} 认证的地区之内，却不是由它认证的
    .action = 请勿信赖，并告知签发机构：它认证了不归它管的机构。
problem-name-constraints-unusable = {$authority} 的名称约束无法适用
    .action = 请向签发机构索取名称可以比对的证书。
problem-any-policy-mapped = {$subject} 的证书映射了“任意策略”，不符合规定
    .action = 请告知签发机构重新签发此证书。
problem-no-valid-policy = {$subject} 的证书没有可接受的证书策略
    .action = 请查明证书按哪项策略签发，以及是否映射到此处接受的策略。
problem-certificate-not-conforming = {$subject} 的证书不符合 RFC 5280 第 {$clause} 节
    .action = 请向签发机构索取符合标准的证书。
problem-certificate-credit-codes = {$subject} 的证书没有以唯一的、由大写字母和数字组成的统一社会信用代码标明机构
    .action = 请向证书颁发机构索取只含该机构代码的证书。
problem-wrong-name = {$subject} 的证书与所要求的名称 {$expected} 不符
    .action = 请确认对方是谁：这张证书是别人的。
problem-target-unreadable = {$file} 中的证书无法读取：{$reason}
    .action = 请重新索取证书；文件可能已损坏，或者是另一种文件。

## 上文用到的词

transition-submit = 提交
transition-return = 退回
transition-approve = 审批
transition-issue = 签发
transition-suspend = 暂停
transition-resume = 恢复
transition-supersede = 换发
transition-expire = 到期
transition-revoke = 吊销
transition-withdraw = 撤销
transition-cancel = 注销
state-active = 使用中
state-frozen = 已冻结
state-draft = 草稿
state-submitted = 已提交
state-approved = 已审批
state-issued = 有效
state-suspended = 已暂停
state-superseded = 已换发
state-expired = 已到期
state-revoked = 已吊销
state-withdrawn = 已撤销
state-cancelled = 已注销
role-clerk = 经办人
role-approver = 审批人
role-seal-keeper = 印章管理员
role-department-system = 部门系统
role-service = 系统

## 互认名录

problem-fetch-address = “{$address}”不是带有主机名且不含用户名和口令的 http 或 https 地址
problem-fetch-certificates = 无法使用 {$file} 中的机构证书：{$reason}
problem-fetch-private = {$address} 指向 {$ip}，不是公网地址；如确需访问，请设置 fetch.private_addresses
problem-fetch-unreachable = 无法连接 {$address}：{$reason}
problem-fetch-redirect = {$address} 转向“{$target}”，不予跟随，请直接写明地址
problem-fetch-status = {$address} 的应答状态为 {$status}，不是 200
problem-fetch-type = {$address} 给出“{$found}”，不是 {$expected}
problem-fetch-too-large = {$address} 给出的内容超过 {$limit} 字节
problem-fetch-slow = {$address} 未能在 {$seconds} 秒内给出完整应答

problem-list-too-long = 名录长 {$bytes} 字节，超过允许的 {$limit} 字节
problem-list-count = 名录中有 {$found} 个 {$what}；需要时至少要有一个，最多 {$limit} 个
problem-list-not-signed = 名录不是此处支持的签名消息：{$reason}
problem-list-signature = 名录的签名不符：内容被改动，或由其他密钥签名
problem-list-content = 所签内容不是互认名录：{$reason}
problem-list-version = 不支持第 {$version} 版的名录格式；请更新本程序
problem-list-value = 无法读取名录的 {$what}：“{$value}”
problem-list-dates = {$issued} 签发的名录称下一期不迟于 {$next}，而该时间并不更晚
problem-list-empty = 名录为空。不含任何机构的名录不予采信
problem-list-at-our-address = 该名录自称发布于 {$location}，而那是本机构名录的地址；对方须写明自己的地址
problem-list-duplicate-entity = {$entity} 在名录中出现两次
problem-list-duplicate-pointer = 名录中有两个指针指向 {$location}
problem-list-reads-otherwise = 名录写出后读回的内容与本意不符，未予签名
problem-list-duplicate-certificate = {$subject} 的证书在名录中出现两次，分别属于 {$one} 和 {$other}
problem-list-not-authority = {$entity} 的证书（{$subject}）不是认证机构的证书
problem-list-any-policy = {$entity} 的保证等级对照表映射了 anyPolicy；每个等级都须写明
problem-list-overlapping-regions = {$one} 与 {$other} 都主张认证 {$space} 的机关；其中之一须限定于其他区划
problem-list-decision-order = {$decided} 的决定排在更晚的决定之后
problem-list-backdated = 自 {$since} 起的“{$status}”于 {$decided} 决定；只有密钥泄露可以追溯
problem-list-chain-missing = 第 {$sequence} 期名录没有写明上一期；只有第一期没有上一期
problem-list-unknown-signer = 名录由 {$signer} 签发，其既未被固定信任，也未由上一期名录指定
problem-list-signer-not-valid = 名录签发时（{$issued}）签发者的证书不在有效期内
problem-list-falling-sequence = 第 {$found} 期名录早于已见过的第 {$seen} 期；可能有人试图回退
problem-list-other-content = 第 {$sequence} 期名录与已见过的同期名录内容不同
problem-list-broken-chain = 第 {$sequence} 期名录承接 {$found}，而此前所见的名录是 {$seen}
problem-list-falling-time = 第 {$sequence} 期名录的签发时间早于其上一期
problem-list-entity-removed = {$entity} 被从名录中删去；终止互认须以可查的决定作出
problem-list-service-removed = {$entity} 的服务 {$service} 被从名录中删去
problem-list-history-removed = {$entity} 的服务 {$service} 的历史被删去或改动
problem-seal-list-left-out = 未采用 {$file} 中的印章状态清单：其制作方在 {$time} 不被信赖（{$reason}）
    .action = 仅凭此文件夹不能确认印章当时是否已停用。
problem-list-stale = 名录应在 {$next} 前更新；请取得最新一期
problem-list-signer-changing = 签发者的更换已经开始；请先完成
problem-list-signer-unchanged = 没有正在进行的签发者更换；请先开始
problem-list-without-root = 名录中至少要有本市的一个根机构；请先建立根机构
problem-list-no-service = 请写明承认用于哪些服务
problem-recognition-cross-certificates = 对 {$entity} 的决定所涉及的交叉证书与所列不符，应当正好列出：{$due}
problem-recognition-cross-later = 交叉证书不能预先于 {$since} 吊销或暂停，请到时再办理
problem-recognition-reason = {$value} 不能作为“{$status}”的理由
problem-recognition-unchanged = {$entity} 没有可改为“{$status}”的服务
problem-certificate-unusable = 证书无法使用：{$reason}

## 请求

problem-route-unknown = 没有这个地址
problem-method-not-allowed = 此地址不支持这种请求方法
problem-body-unreadable = 无法读取请求：{$reason}
problem-body-too-large = 内容超过允许的大小
problem-media-type-unsupported = 不支持内容类型“{$value}”
problem-value-unknown = “{$value}”不是允许的值
problem-nothing-to-verify = 没有可查验的内容：请提供文件，或证照标识和核验码，或二维码文字
problem-too-many-requests = 请求过于频繁，请 {$seconds} 秒后再试
problem-request-too-slow = 处理超过 {$seconds} 秒，已中止；请稍后再试
problem-idempotency-key-form = 幂等键应为 1 至 {$limit} 个可见的 ASCII 字符
problem-idempotency-key-other-body = 幂等键 {$key} 已用于另一份内容；新的请求请换一个键
problem-idempotency-key-running = 幂等键 {$key} 的请求还在处理；请稍后用同一个键重试

## 状态码

status-400 = 请求无法读取
status-401 = 需要令牌
status-403 = 没有权限
status-404 = 没有找到
status-405 = 方法不支持
status-408 = 处理超时
status-409 = 与现状冲突
status-413 = 内容太大
status-415 = 内容类型不支持
status-422 = 内容不合规则
status-429 = 请求过于频繁
status-500 = 服务内部出错
status-503 = 服务暂时不可用

## 管理员与提议

problem-officer-statement-missing = 此操作须附管理员签名的声明（Authorization: Officer）
problem-denied-officers-only = 只有 CA 管理员可以这样做
problem-officer-unknown = 没有以密钥 {$key} 登记的管理员
problem-officer-removed = 管理员 {$officer} 已被除名，不能再作决定
problem-officer-signature = 签名不是该管理员登记的密钥对此声明所作
problem-officer-key-unusable = 管理员的公钥不可用：{$reason}
problem-officer-key-weak = 管理员的 RSA 密钥为 {$bits} 位，至少须为 2048 位
problem-officer-name = 须填写管理员的姓名和单位，首尾不留空格，各不超过 {$limit} 个字符
problem-officers-too-few = 至少须保留 {$limit} 名管理员，请先登记另一名
problem-proposal-too-long = 提议有 {$bytes} 字节，不得超过 {$limit} 字节
problem-proposal-unreadable = 无法读取提议：{$reason}
problem-proposal-not-canonical = 提议不是规范形式（RFC 8785），或含有未知字段
problem-proposal-without-reason = 提议须写明理由
problem-proposal-reason-too-long = 理由有 {$chars} 个字符，不得超过 {$limit} 个
problem-proposal-term = 提议的截止时间为 {$value}，有效期不得超过 {$days} 天
problem-proposal-of-another = 提议中的提议人或系统与签名声明中的不一致
problem-proposal-dated-ahead = 提议所署时间 {$proposed} 晚于系统时间
problem-proposal-officers = 提议只需 {$officers} 名管理员，而此处的 {$act} 须由另一名管理员批准
problem-proposal-expired = 提议已于 {$expires} 过期
problem-proposal-not-open = 提议已不再待决：{$found}
problem-proposal-own = 提议人不能批准或否决自己的提议，须由另一名管理员决定
problem-proposal-not-proposer = 只有提议人可以撤回提议
problem-proposal-proposer-removed = 提议人已不再是管理员，须由其他管理员重新提议
problem-rejection-without-reason = 否决须写明理由
problem-statement-unreadable = 无法读取管理员的声明
problem-statement-signature = 签名不是该密钥对此声明所作
problem-statement-other-instance = 声明是为另一系统签署的
problem-statement-other-proposal = 声明是为另一提议 {$proposal} 签署的
problem-statement-other-hash = 声明签署的是其他内容：声明为 {$stated}，提议为 {$hash}
problem-statement-other-decision = 声明的决定不符：应为“{$expected}”，实为“{$found}”
problem-statement-time = 声明签署于 {$time}，时间过久或在将来
problem-record-hash = 记录中的摘要与其内容不符
problem-record-encoding = 记录中的密钥或签名不是 base64
problem-record-statement = 声明“{$decision}”不成立：{$reason}
problem-record-other-target = 声明“{$decision}”针对的是其他提议、内容或系统
problem-record-unfounded = 记录中的状态“{$recorded}”与各项声明不符
problem-record-late = 批准签署于提议过期之后
problem-record-strange-key = 有声明以密钥 {$key} 签署，不在指定的密钥之列

## 吊销的原因

why-delta-alone = 只有增量吊销列表，没有它所接续的完整列表
why-list-after-expiry = 吊销列表是证书到期之后才签发的
why-list-direct = 吊销列表不涵盖其他机构签发的证书
why-list-extension = 吊销列表含有此处不能处理的关键扩展项 {$value}
why-list-form = 吊销列表不符合 RFC 5280 第 {$value} 节
why-list-of-the-future = 吊销列表的签发时间 {$value} 在将来
why-list-other-kind = 吊销列表不涵盖这类证书
why-list-other-point = 吊销列表针对同一机构的另一批证书
why-list-signature = 吊销列表的签名不成立
why-list-signer-missing = 没有吊销列表签发者的证书
why-list-signer-path = 没有路径通向吊销列表的签发者 {$value}
why-list-signer-usage = 签发吊销列表的密钥不可用于签发列表
why-list-some-reasons = 吊销列表只涵盖部分吊销原因
why-no-list = 没有其签发机构的吊销列表
why-responder-unknowing = 状态查询服务不知道这张证书
why-response-extension = 状态响应含有此处不能处理的关键扩展项 {$value}
why-response-issuer-key = 其签发机构的密钥不受支持
why-response-of-the-future = 状态响应的时间 {$value} 在将来
why-response-signature = 状态响应的签名不成立
why-response-signer-issuer = 状态响应的签名者不是由证书的签发机构认证的
why-response-signer-missing = 没有状态响应签名者的证书
why-response-signer-purpose = 状态响应的签名者没有为此签发的证书
why-response-signer-revoked = 状态响应的签名者已被撤销，或没有其最新状态
why-response-signer-silent = 查不到状态响应签名者的证书状态
why-response-signer-unfit = 状态响应签名者的证书不可信赖
why-response-signer-unproven = 没有证据表明当时可以信赖状态响应的签名者
why-response-signer-usage = 状态响应所用的密钥不可用于签名
reason-unspecified = 未说明的原因
reason-keyCompromise = 密钥泄露
reason-cACompromise = 签发机构密钥泄露
reason-affiliationChanged = 隶属关系变更
reason-superseded = 已被替换
reason-cessationOfOperation = 停止使用
reason-certificateHold = 暂停使用
reason-privilegeWithdrawn = 权限被收回
reason-aACompromise = 属性机构密钥泄露

## 密钥仪式

problem-ceremony-script = 脚本不可用：{$reason}
problem-ceremony-input = 脚本所列文件“{$file}”不可用：{$reason}
problem-ceremony-people = 脚本列有 {$count} 人，仪式须由两人进行
problem-ceremony-same-person = “{$name}”与另一人的姓名或密钥相同，仪式须由不同的两人进行
problem-ceremony-absent = “{$name}”未以脚本所列密钥到场，未做任何操作
problem-ceremony-other-agenda = 所确认的摘要为 {$expected}，脚本及其输入文件的摘要为 {$found}
problem-ceremony-key = “{$name}”的公钥不可用：{$reason}
problem-ceremony-root-order = 第 {$step} 步：须先生成或打开根，且只能一次
problem-ceremony-other-root = 根证书与其密钥不符
problem-ceremony-profile = 第 {$step} 步：“{$value}”不是根下 CA 的证书模板
problem-ceremony-revocation = 第 {$step} 步：“{$value}”不是有效的吊销时间
problem-ceremony-signing = 密钥未能签名：{$reason}
problem-ceremony-step = 第 {$step} 步无法完成：{$reason}
problem-transcript-unreadable = 无法读取记录：{$reason}
problem-transcript-chain = 记录第 {$entry} 条与前一条不衔接：有内容被改动、删去或添加
problem-transcript-confirmation = 记录中缺少“{$name}”的确认，或确认不成立
problem-transcript-closing = 记录缺少“{$name}”的签名，或签名不成立
problem-transcript-other-step = 记录第 {$entry} 条与脚本要求不符
problem-transcript-item = 记录第 {$entry} 条：“{$file}”与应有内容不符
problem-crl-lifetime = 该机构的吊销列表可用 1 至 {$limit} 天，不能是 {$days} 天
problem-offline-unusable = {$what} 不可用：{$reason}
problem-ca-offline = {$ca} 的密钥离线保存，须经密钥仪式才能签署

## Changes of later revisions

problem-change-validation-data = 第 {$revision} 版（共 {$revisions} 版）增加了验证用的数据
problem-change-time-stamp = 第 {$revision} 版（共 {$revisions} 版）增加了文档时间戳“{$name}”
problem-change-signed = 第 {$revision} 版（共 {$revisions} 版）在签名域“{$name}”上签名
problem-change-signed-visible = 第 {$revision} 版（共 {$revisions} 版）在签名域“{$name}”上签名，并显示在第 {$page} 页
problem-change-signature-hides = 第 {$revision} 版（共 {$revisions} 版）遮盖了第 {$page} 页原有的内容：签名域“{$name}”在其上绘制了 {$width} 毫米 × {$height} 毫米的图像
problem-change-signature-field = 第 {$revision} 版（共 {$revisions} 版）增加了签名域“{$name}”
problem-change-signature-field-visible = 第 {$revision} 版（共 {$revisions} 版）增加了在页面上可见的签名域“{$name}”
problem-change-description = 第 {$revision} 版（共 {$revisions} 版）修改了文档说明中的日期或程序名
problem-change-repeated = 第 {$revision} 版（共 {$revisions} 版）把原有内容又写了一遍
problem-change-field-filled = 第 {$revision} 版（共 {$revisions} 版）填写了表单域“{$name}”
problem-change-annotation = 第 {$revision} 版（共 {$revisions} 版）增加了批注（{$what}）
problem-change-field-entry = 第 {$revision} 版（共 {$revisions} 版）改动了表单域“{$name}”本身（/{$key}）
problem-change-field-added = 第 {$revision} 版（共 {$revisions} 版）增加了表单域“{$name}”
problem-change-replaced = 第 {$revision} 版（共 {$revisions} 版）替换了{$part}
problem-change-added = 第 {$revision} 版（共 {$revisions} 版）增加了{$part}
problem-change-removed = 第 {$revision} 版（共 {$revisions} 版）删除了{$part}
problem-change-reference-filled = 第 {$revision} 版（共 {$revisions} 版）增加了对象 {$object}，而此前的文档已经引用它
problem-change-catalog-entry = 第 {$revision} 版（共 {$revisions} 版）改动了文档目录的 /{$key}
problem-change-trailer-entry = 第 {$revision} 版（共 {$revisions} 版）改动了文件尾的 /{$key}
problem-change-form-entry = 第 {$revision} 版（共 {$revisions} 版）改动了表单的 /{$key}
problem-change-store-form = 第 {$revision} 版（共 {$revisions} 版）在验证数据中放入了别的内容
problem-change-store-shrunk = 第 {$revision} 版（共 {$revisions} 版）删除了验证用的数据
problem-change-bytes = 第 {$revision} 版（共 {$revisions} 版）的第 {$from} 至 {$to} 字节不属于任何对象
problem-change-unreadable = 第 {$revision} 版（共 {$revisions} 版）之前的文档中，对象 {$object} 无法读取
problem-change-unparsable = 从第 {$from} 字节起的内容不是文档的任何一版
problem-signature-over-content = {$signer}后来在签名域“{$name}”上的签名显示在第 {$page} 页（{$width} 毫米 × {$height} 毫米），可能遮盖该处原有的内容，请与签署时的版本对照
problem-signature-hides-content = {$signer}的签名域“{$name}”是后来增加或填写的，遮盖了第 {$page} 页原有的内容（{$width} 毫米 × {$height} 毫米）：它大于印章，或者无人在其中签名，该处看到的不是当初签署的内容
problem-shadow-hidden-layer = 签名的文档含有关闭的图层：其内容已被签名，但签名者可能没有看到
problem-shadow-second-catalog = 签名的文档在对象 {$object} 中含有另一份未显示的目录：后续版本可能使其显示，届时会在此说明
problem-shadow-second-page-tree = 签名的文档在对象 {$object} 中含有另一组未显示的页面：后续版本可能使其显示，届时会在此说明
problem-shadow-script = 签名的文档在对象 {$object} 中含有脚本，可能改变显示的内容
problem-shadow-on-paper = 签名的文档在对象 {$object} 中含有只在屏幕上或只在打印时可见的内容
problem-shadow-in-use = 签名的文档在对象 {$object} 中含有使用时会改变显示内容的动作或外观
problem-shadow-conditional-layer = 签名的文档在对象 {$object} 中含有在图层关闭时才显示的内容
problem-shadow-outside = 签名的文档在对象 {$object} 中显示其他文件的内容，或指向文档之外
problem-shadow-values = 签名的表单把填写值的显示交给各阅读程序（NeedAppearances），在别处可能显示不同

part-catalog = 文档目录
part-page-tree = 页面结构
part-page = 第 {$value} 页
part-page-content = 第 {$value} 页的内容
part-page-resource = 第 {$value} 页的字体、图片或其他资源
part-page-annotation = 第 {$value} 页的批注
part-field = 表单域“{$value}”
part-catalog-entry = 文档目录中 /{$value} 的内容
part-information = 文档信息
part-object = 一个对象（{$value}）
