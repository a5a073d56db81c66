"""Projects of Selenium IDE (`.side`), versions 1.0 to 3.0."""
