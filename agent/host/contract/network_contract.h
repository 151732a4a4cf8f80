#pragma once

#include "agent/host/contract/network_test_base.h"

// How every host::Network opens conversations and waits for what happens in them.

namespace host::contract {

class NetworkOpenContract : public NetworkTest {};
class NetworkPermissionContract : public NeedsRoot<NetworkTest> {};
class NetworkLocalEndpointContract : public NetworkTest {};
class NetworkWaitContract : public NetworkTest {};

}  // namespace host::contract
