"""Forms of opinion reports 社情民意: shape and words only, the services decide."""
