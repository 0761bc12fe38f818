"""What every app stands on (基础): workflow, audit, working days, options, notices, papers."""
