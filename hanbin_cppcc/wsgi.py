"""The WSGI entry point of the project."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanbin_cppcc.settings")

application = get_wsgi_application()

# What is loaded by now stays for good: the collector need not walk over it in the midst of a page.
gc.collect()
gc.freeze()
