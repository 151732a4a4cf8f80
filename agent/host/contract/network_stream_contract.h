#pragma once

#include "agent/host/contract/network_test_base.h"

// What every host::Network does for streams.

namespace host::contract {

class StreamContract : public NetworkTest {};
class StreamEndContract : public NetworkTest {};

}  // namespace host::contract
