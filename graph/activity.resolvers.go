package graph

import (
	"context"
	"daybook/audit"
	"daybook/audit/activity"
)

func (r *queryResolver) AgentActivity(ctx context.Context, agent audit.ActorRef, rangeArg audit.TimeRange, timeZone string) (*activity.Activity, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := r.activities.Agent(ctx, v.Viewer, agent, rangeArg, timeZone)
	if err != nil {
		return nil, err
	}
	return answer, r.completeActivities(ctx, v, []*activity.Activity{answer})
}

func (r *queryResolver) TeamActivity(ctx context.Context, agents []audit.ActorRef, rangeArg audit.TimeRange, timeZone string) ([]activity.Activity, error) {
	v, err := viewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := r.activities.Team(ctx, v.Viewer, agents, rangeArg, timeZone)
	if err != nil {
		return nil, err
	}
	return values(answers), r.completeActivities(ctx, v, answers)
}
