# The packages ocf-sip-kamailio and ocf-conformance, made by ci/package.

set(CPACK_PACKAGE_NAME ocf-sip-kamailio)
set(CPACK_PACKAGE_VENDOR "ocf-kamailio")
set(CPACK_PACKAGE_CONTACT "ocf-kamailio maintainers <maintainers@users.noreply.github.com>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES TRUE)
set(CPACK_COMPONENTS_ALL agent)
if(BUILD_TESTING)
  list(APPEND CPACK_COMPONENTS_ALL conformance)
endif()
set(CPACK_COMPONENTS_GROUPING IGNORE)
# Each description begins with its summary.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(agent_summary "OCF resource agent for the Kamailio SIP server")
set(CPACK_COMPONENT_AGENT_DESCRIPTION "${agent_summary}
Runs instances of Kamailio under Pacemaker as ocf:sip:kamailio, in place of
ocf:heartbeat:kamailio: one executable that checks the server over SIP and RPC
and reports the cause of each failure in its exit reason.")
set(conformance_summary "conformance suite for OCF resource agents, and simulator")
set(CPACK_COMPONENT_CONFORMANCE_DESCRIPTION "${conformance_summary}
ocf-conformance checks an OCF agent against OCF 1.1 and what Pacemaker needs,
without changing anything on the machine. kamailio-sim replays failures of
ocf:sip:kamailio in a simulated machine and in virtual time.")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_AGENT_PACKAGE_NAME ocf-sip-kamailio)
set(CPACK_DEBIAN_AGENT_PACKAGE_RECOMMENDS "pacemaker, kamailio")
set(CPACK_DEBIAN_AGENT_PACKAGE_SUGGESTS sipsak)
set(CPACK_DEBIAN_CONFORMANCE_PACKAGE_NAME ocf-conformance)
set(CPACK_DEBIAN_CONFORMANCE_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_CONFORMANCE_PACKAGE_RECOMMENDS "ocf-sip-kamailio, faketime, libxml2-utils")

set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE GPL-2.0-or-later)
set(CPACK_RPM_AGENT_PACKAGE_NAME ocf-sip-kamailio)
set(CPACK_RPM_AGENT_PACKAGE_SUMMARY "${agent_summary}")
set(CPACK_RPM_CONFORMANCE_PACKAGE_NAME ocf-conformance)
set(CPACK_RPM_CONFORMANCE_PACKAGE_SUMMARY "${conformance_summary}")
# Directories of other packages.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
  /usr/lib/ocf /usr/lib/ocf/resource.d /usr/share/man /usr/share/man/man1 /usr/share/man/man7)

include(CPack)

find_program(GZIP gzip)
find_program(HELP2MAN help2man)
if(NOT GZIP)
  return()
endif()

# install_zipped(COMPONENT FILE DIRECTORY COMMAND...): what the command prints.
function(install_zipped component file directory)
  set(zipped ${CMAKE_CURRENT_BINARY_DIR}/package/${component}/${file}.gz)
  get_filename_component(place ${zipped} DIRECTORY)
  add_custom_command(OUTPUT ${zipped}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${place}
    COMMAND sh -c [["$@" >"$0.text" && gzip -9nc "$0.text" >"$0"]] ${zipped} ${ARGN}
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY zipped_files ${zipped})
  install(FILES ${zipped} DESTINATION ${directory} COMPONENT ${component} OPTIONAL)
endfunction()

install_zipped(agent ocf_sip_kamailio.7 share/man/man7 $<TARGET_FILE:agent_reference> manual)
if(HELP2MAN AND BUILD_TESTING)
  set(page ${HELP2MAN} --no-info --section=1)
  install_zipped(conformance kamailio-sim.1 share/man/man1
    ${page} "--name=replay failures of ocf:sip:kamailio in a simulated machine"
    $<TARGET_FILE:kamailio_sim>)
  install_zipped(conformance ocf-conformance.1 share/man/man1
    ${page} "--name=check whether an OCF resource agent keeps its contract"
    $<TARGET_FILE:ocf_conformance>)
endif()
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  install_zipped(${component} changelog share/doc/${package} cat ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
  install_zipped(${component} changelog.Debian share/doc/${package}
    cat ${PROJECT_SOURCE_DIR}/ci/changelog.Debian)
  install(FILES ${PROJECT_SOURCE_DIR}/ci/copyright DESTINATION share/doc/${package}
    COMPONENT ${component})
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/README.md
  DESTINATION share/doc/ocf-sip-kamailio COMPONENT agent)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION share/doc/ocf-sip-kamailio COMPONENT agent)

# All that is packed, and nothing else: not the tests.
get_property(zipped_files GLOBAL PROPERTY zipped_files)
add_custom_target(packaged DEPENDS ${zipped_files})
add_dependencies(packaged kamailio_agent)
if(BUILD_TESTING)
  add_dependencies(packaged
    ocf_conformance kamailio_sim node_timers
    fake_kamailio fake_sipsak fake_kamctl fake_sip_responder)
endif()
