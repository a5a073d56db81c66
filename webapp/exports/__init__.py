"""Flows in formats that leave the house: our YAML, Chrome's Recorder, a script for Selenium."""
