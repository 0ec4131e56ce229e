package demo

// topic is what customers write about.
type topic struct {
	name      string
	tag       string
	weight    int  // how often
	returning bool // the returns workflow has a part in it
}

// rainJacket is what the recall in June is about.
const rainJacket = "Rain jacket lets water through"

func topics() []topic {
	return []topic{
		{name: "Where is my order?", tag: "shipping", weight: 22},
		{name: "Return of a jacket", tag: "return", weight: 12, returning: true},
		{name: "Exchange for another size", tag: "exchange", weight: 11, returning: true},
		{name: "Parcel arrived damaged", tag: "damaged", weight: 7},
		{name: "Discount code does not work", tag: "promotion", weight: 8},
		{name: "Change of delivery address", tag: "shipping", weight: 8},
		{name: "Is this tent waterproof?", tag: "product question", weight: 7},
		{name: "Refund not received", tag: "refund", weight: 7},
		{name: "Zip broken after two weeks", tag: "warranty", weight: 6},
		{name: "Invoice with company name", tag: "invoice", weight: 4},
		{name: "Order cancelled by mistake", tag: "order", weight: 4},
		{name: rainJacket, tag: "quality", weight: 4},
		{name: "Gift card balance", tag: "gift card", weight: 3},
		{name: "Boots: which size fits?", tag: "product question", weight: 5},
	}
}

// wrongSize is the topic of the story told about cnv-000042.
func wrongSize() topic { return topic{name: "Wrong size delivered", tag: "exchange", returning: true} }

// drawTopic draws what somebody writes about.
func (w *world) drawTopic() topic {
	choices := topics()
	weights := make([]int, len(choices))
	for i, choice := range choices {
		weights[i] = choice.weight
	}
	return choices[w.weighted(weights)]
}

// drawChannel draws how somebody writes.
func (w *world) drawChannel() string {
	return [...]string{"email", "chat", "phone", "sms", "form"}[w.weighted([]int{44, 28, 10, 6, 12})]
}

// extraTags are what agents add beside the tag of the topic.
func extraTags() []string {
	return []string{"waiting for carrier", "goodwill", "follow-up", "praise", "complaint", "wholesale", "size guide", "photo needed"}
}

// surveyAnswers are what customers say, by score.
func surveyAnswers() map[int][]string {
	return map[int][]string{
		5: {"Quick and friendly, thank you!", "Solved in minutes.", "Obrigada, fantástico!", "Best support I have had."},
		4: {"Good, but the first answer took a while.", "All fine in the end.", ""},
		3: {"It works now.", "Had to explain it twice.", ""},
		2: {"Too many transfers.", "Still waiting for the refund."},
		1: {"Nobody read what I wrote.", "Parcel still missing."},
	}
}
