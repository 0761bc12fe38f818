"""What the Makefile runs around the project: set-up, services, the development supervisor."""
