"""Who may do what with host units and supervisors: every reader reads, the liaison office 委员联络室 writes."""

import rules

from members.rules import is_liaison

rules.add_perm("oversight.manage", is_liaison)
