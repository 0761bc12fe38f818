"""Every write to proposals, by stage of the work: drafting, review, assignment, replying, feedback."""
