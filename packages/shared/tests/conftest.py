from hypothesis import HealthCheck, settings

# A machine that is busy with something else is slow, and no example is wrong for it.
settings.register_profile("patient", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
