"""What programs are told where the operator allows no JavaScript."""

from dataclasses import replace


def test_a_step_with_a_script_is_refused_in_a_sentence(api, app, monkeypatch):
    flow_id = api.make_flow()
    config = app.config["LAMPLIGHTER"]
    monkeypatch.setitem(app.config, "LAMPLIGHTER", replace(config, allow_scripts=False))
    script = {"action": "assert_script", "content": "1 == 1"}
    refused = api.post(f"/flows/{flow_id}/steps", script)
    assert refused.status_code in (400, 422)
    assert "whoever runs this Lamplighter has set ALLOW_SCRIPTS to no" in refused.text
    assert api.get(f"/flows/{flow_id}/steps").json["steps"] == []
    assert api.post(f"/flows/{flow_id}/steps", {**script, "enabled": False}).status_code == 201
