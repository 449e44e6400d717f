"""Is this request, or this domain name, safe?

A guard of a few megabytes without torch that any service can import::

    >>> from namewright.guard import Guard
    >>> Guard().check("guns for kids").blocked
    True
"""

from namewright.guard._guard import Guard
from namewright.guard._policy import Policy
from namewright.guard._result import CATEGORIES, SAFE, GuardError, GuardResult, PolicyError, WeightsError

__all__ = ["CATEGORIES", "SAFE", "Guard", "GuardError", "GuardResult", "Policy", "PolicyError", "WeightsError"]
