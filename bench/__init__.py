"""Every figure we claim, each a command."""

import amparo as amparo  # before numpy: it sets how many threads linear algebra may take
