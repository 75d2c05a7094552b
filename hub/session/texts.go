package session

// TextsVersion is the version of the texts below. Whoever changes a word
// changes the version; the digests in the chain say which words were shown.
const TextsVersion = "2026-11"

// Text is what a person reads and agrees to before he comes to the door.
type Text struct{ Key, Title, Words string }

// Texts are the notice, the declaration and the recording consent in a
// language, "zh-CN" or "en" (个人信息保护法 art. 13, 14, 17 and 29).
func Texts(lang string) []Text {
	if lang == "en" {
		return english
	}
	return chinese
}

var chinese = []Text{
	{"notice", "告知书", "本次视频会话由不动产登记机构就您参与的登记事项进行，会话内容将作为登记档案的组成部分。" +
		"登记机构将处理您的姓名、证件信息、人脸图像、声音、签名及会话中的陈述，仅用于办理本登记事项，并依法保存；" +
		"您有权查阅、复制和更正，有权撤回同意，撤回同意不影响此前处理的效力。不同意视频办理的，可以到登记窗口现场办理。"},
	{"declaration", "声明", "本人确认：本人为该登记事项的当事人或者其合法代理人、翻译、见证人，身份真实；" +
		"会话期间无人胁迫或代答；对询问如实回答，作虚假陈述的，依法承担责任；未经准许不对会话录音、录像、截屏或者直播。"},
	{"recording", "录音录像单独同意书", "本人单独同意：登记机构对本次会话进行录音录像，包括本人的人脸图像和声音，" +
		"录制内容分段存储并计入案件证据链；正式环节仅在录制被确认时进行，录制中断即暂停。"},
}

var english = []Text{
	{"notice", "Notice", "This video session is held by the real-property registry about the registration you take part in; it becomes part of the file. " +
		"The registry processes your name, identity document, face, voice, signature and what you say, for this registration only, and keeps them as the law demands. " +
		"You may read, copy and correct them, and withdraw your consent; what was done before stays valid. Who does not want to do this by video may come to a window."},
	{"declaration", "Declaration", "I am a party of this registration, or its lawful agent, interpreter or witness, and I am who I say. " +
		"Nobody forces me or answers for me. I answer truthfully and know that false statements have legal consequences. I do not record, photograph or stream the session without leave."},
	{"recording", "Consent to recording", "I separately agree that the registry records this session in sound and picture, my face and voice included. " +
		"The recording is stored in parts that belong to the evidence chain of the case. The formal part runs only while the recording is confirmed and pauses when it is not."},
}
