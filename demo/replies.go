package demo

import (
	"time"

	"daybook/audit"
)

// waitForCustomer puts the conversation aside until the customer answers.
func (w *world) waitForCustomer(c *conversation) {
	to, a := w.newChain(), c.agent
	until := w.now.Add(time.Duration(w.between(1, 4)) * 24 * time.Hour).Truncate(time.Hour)
	c.snooze(to, until, a.actor())
	a.pause(to, c, a.actor())
	c.epoch++
	w.dispatch()
	if w.percent(72) {
		w.customerReplies(c, w.patience())
	}
	epoch := c.epoch
	w.at(until, func() {
		if c.epoch == epoch && c.status == snoozed {
			w.snoozeEnds(c)
		}
	})
}

// patience is how long a customer takes to answer: often they do at once, or
// else a day later.
func (w *world) patience() time.Duration {
	if w.percent(60) {
		return w.span(4*time.Minute, 2*time.Hour)
	}
	return w.span(2*time.Hour, 40*time.Hour)
}

// customerReplies plans a message of the customer that reopens the conversation.
func (w *world) customerReplies(c *conversation, wait time.Duration) {
	epoch := c.epoch
	w.after(wait, func() {
		if c.epoch == epoch && (c.status == snoozed || c.status == done) {
			to := w.newChain()
			w.message(to, c, c.customer.actor(), "in")
			w.reopen(to, c, w.rule("rule-reopen"))
		}
	})
}

// reopen makes a conversation open again. The work goes back to the agent who
// has it if they are there, even if they are full.
func (w *world) reopen(to *chain, c *conversation, by audit.ActorInput) {
	c.setStatus(to, open, by)
	c.epoch++
	if a := c.agent; a != nil && a.available() && !a.told && w.now.Add(15*time.Minute).Before(a.shiftEnds) {
		a.resume(to, c, queueRouter())
		w.handle(c, w.effort(5*time.Minute, time.Hour), func() { w.resolve(c) })
		return
	}
	w.unassign(to, c, systemUser())
	w.requeue(to, c, queueRouter(), "agent not available")
}

// snoozeEnds closes a conversation whose customer never answered.
func (w *world) snoozeEnds(c *conversation) {
	to := w.newChain()
	followUp := automation(audit.ActorWorkflow, "wf-follow-up", "Follow-up workflow")
	c.setStatus(to, done, followUp)
	c.agent.release(to, c, "work_item.complete", followUp)
	c.epoch++
	w.askForRating(c)
}

// askForRating sends the survey, which some customers answer.
func (w *world) askForRating(c *conversation) {
	if c.rated || c.told || !w.percent(26) {
		return
	}
	score := 5 - w.weighted([]int{52, 22, 11, 7, 8})
	answer := pick(w.chance, surveyAnswers()[score])
	w.after(w.span(3*time.Minute, 20*time.Hour), func() {
		if c.status == done && !c.rated {
			w.answerSurvey(c, score, answer)
		}
	})
}

func (w *world) answerSurvey(c *conversation, score int, answer string) {
	c.rated = true
	event := c.event(audit.ActionSurveyAnswer, "survey.answer", c.customer.actor(), change("satisfaction_score", nil, score))
	event.Section = "survey"
	rating := audit.SurveyAnswer{Question: new("How satisfied are you with our support?"), Score: new(float64(score))}
	answers := []audit.SurveyAnswer{rating}
	if answer != "" {
		answers = append(answers, audit.SurveyAnswer{Question: new("What could we do better?"), Answer: new(answer)})
	}
	event.Details.Conversation.SurveyAnswers = answers
	w.newChain().record(event)
}
