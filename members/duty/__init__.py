"""The duty file 履职档案: acts, evidence, who may read what."""
