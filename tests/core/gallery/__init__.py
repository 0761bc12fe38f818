"""Sample pages (样张) of every frame and part; they exist for tests only and have no address of the site."""
