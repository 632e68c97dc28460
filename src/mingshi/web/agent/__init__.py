"""渠道经纪人: register, watch windows, escort, object, verify."""
